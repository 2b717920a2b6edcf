// Written by kiosk-dev generate-protos. Do not edit.
#include "bench/v1/echo.pb-c.h"
