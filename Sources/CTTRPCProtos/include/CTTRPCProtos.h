// Written by kiosk-dev generate-protos. Do not edit.
#include "google/protobuf/any.pb-c.h"
#include "google/rpc/status.pb-c.h"
#include "ttrpc/ttrpc.pb-c.h"
