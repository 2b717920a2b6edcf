package main

// As much of Protobuf as the contract needs: numbers (wire type 0) and bytes, texts and messages (wire type 2).

import "errors"

func varint(to []byte, v uint64) []byte {
	for v >= 0x80 {
		to = append(to, byte(v)|0x80)
		v >>= 7
	}
	return append(to, byte(v))
}

// number encodes one field; the default value is left out.
func number(field int, v int64) []byte {
	if v == 0 {
		return nil
	}
	return varint(varint(nil, uint64(field)<<3), uint64(v))
}

// text encodes one string or bytes field; the empty one is left out.
func text(field int, s string) []byte {
	if s == "" {
		return nil
	}
	return message(field, []byte(s))
}

// message encodes one field that is a message, present even when it is empty.
func message(field int, parts ...[]byte) []byte {
	body := join(parts...)
	return append(varint(varint(nil, uint64(field)<<3|2), uint64(len(body))), body...)
}

func join(parts ...[]byte) []byte {
	whole := []byte{}
	for _, p := range parts {
		whole = append(whole, p...)
	}
	return whole
}

// fields is a decoded message: field number to values, in the order in which they came.
type fields map[uint64][]value

type value struct {
	number int64
	bytes  []byte
}

var errMalformed = errors.New("no es un mensaje de Protobuf")

func decode(b []byte) (fields, error) {
	next := func() (v uint64, ok bool) {
		for shift := 0; shift < 70 && len(b) > 0; shift += 7 {
			c := b[0]
			b = b[1:]
			v |= uint64(c&0x7f) << shift
			if c < 0x80 {
				return v, true
			}
		}
		return 0, false
	}
	f := fields{}
	for len(b) > 0 {
		key, ok := next()
		if !ok {
			return nil, errMalformed
		}
		var v value
		size := uint64(0)
		switch key & 7 {
		case 0:
			n, ok := next()
			if !ok {
				return nil, errMalformed
			}
			v.number = int64(n)
		case 1:
			size = 8
		case 2:
			if size, ok = next(); !ok {
				return nil, errMalformed
			}
		case 5:
			size = 4
		default:
			return nil, errMalformed
		}
		if size > uint64(len(b)) {
			return nil, errMalformed
		}
		v.bytes, b = b[:size], b[size:]
		f[key>>3] = append(f[key>>3], v)
	}
	return f, nil
}

// num, str and msg read a field that comes once (of several the last counts); one that is absent has its default value.
func (f fields) num(field uint64) int64 {
	if v := f[field]; len(v) > 0 {
		return v[len(v)-1].number
	}
	return 0
}

func (f fields) str(field uint64) string {
	if v := f[field]; len(v) > 0 {
		return string(v[len(v)-1].bytes)
	}
	return ""
}

func (f fields) msg(field uint64) fields {
	m, _ := decode([]byte(f.str(field)))
	return m
}

// msgs and strs read a repeated field.
func (f fields) msgs(field uint64) (all []fields) {
	for _, v := range f[field] {
		m, _ := decode(v.bytes)
		all = append(all, m)
	}
	return all
}

func (f fields) strs(field uint64) (all []string) {
	for _, v := range f[field] {
		all = append(all, string(v.bytes))
	}
	return all
}
