// Written by kiosk-dev generate-protos. Do not edit.
#include "ventanilla/v1/agenda.pb-c.h"
#include "ventanilla/v1/appointments.pb-c.h"
#include "ventanilla/v1/common.pb-c.h"
#include "ventanilla/v1/health.pb-c.h"
#include "ventanilla/v1/operations.pb-c.h"
#include "ventanilla/v1/patients.pb-c.h"
#include "ventanilla/v1/session.pb-c.h"
#include "ventanilla/v1/waitlist.pb-c.h"
