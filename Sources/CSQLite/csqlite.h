// Debian's libsqlite3, the one that ships with the system.
#include <sqlite3.h>
