// Latencies in logarithmic buckets: 64 to each power of two, so that a value is known within 2 %.
#ifndef BENCH_HISTOGRAM_H
#define BENCH_HISTOGRAM_H

#include <stdint.h>

enum { bench_histogram_sub_bits = 6, bench_histogram_buckets = (64 - bench_histogram_sub_bits + 1) << bench_histogram_sub_bits };

struct bench_histogram {
  uint64_t total;
  uint64_t max;
  uint64_t counts[bench_histogram_buckets];
};

/// The bucket of a value; values below 64 have one each.
static inline unsigned bench_histogram_bucket(uint64_t value) {
  if (value < (1u << bench_histogram_sub_bits)) return (unsigned)value;
  unsigned shift = 63u - (unsigned)__builtin_clzll(value) - bench_histogram_sub_bits;
  return ((shift + 1) << bench_histogram_sub_bits) + (unsigned)((value >> shift) - (1u << bench_histogram_sub_bits));
}

static inline void bench_histogram_add(struct bench_histogram *histogram, uint64_t value) {
  histogram->counts[bench_histogram_bucket(value)]++;
  histogram->total++;
  if (value > histogram->max) histogram->max = value;
}

/// The largest value of the bucket in which the given share (0 to 1) of the values is reached; 0 when there are none.
static inline uint64_t bench_histogram_at(const struct bench_histogram *histogram, double share) {
  uint64_t wanted = (uint64_t)(share * (double)histogram->total);
  uint64_t seen = 0;
  for (unsigned bucket = 0; bucket < bench_histogram_buckets; bucket++) {
    seen += histogram->counts[bucket];
    if (seen == 0 || seen < wanted) continue;
    if (bucket < (1u << bench_histogram_sub_bits)) return bucket;
    unsigned shift = (bucket >> bench_histogram_sub_bits) - 1;
    uint64_t low = (uint64_t)(bucket & ((1u << bench_histogram_sub_bits) - 1)) + (1u << bench_histogram_sub_bits);
    uint64_t top = ((low + 1) << shift) - 1;
    return top < histogram->max ? top : histogram->max;
  }
  return 0;
}

#endif
