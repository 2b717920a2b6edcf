// Written by kiosk-dev generate-protos. Do not edit.
#include "shapes/v1/shapes.pb-c.h"
