/// The messages and enums of the contract, as generated from Protos/: `Wire.Slot` travels, the domain's `Slot` decides.
package enum Wire {}
