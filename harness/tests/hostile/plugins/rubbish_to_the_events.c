// run writes rubbish to the event channel.
#include "harness/tests/hostile/plugins/misdeeds.h"

static void write_rubbish(void) {
  static const char* const rubbish[] = {"\xff\xfe", "{\"e\":", "[]",
                                        "{\"e\":\"called\",\"lane\":9}"};
  for (size_t i = 0; i < sizeof rubbish / sizeof *rubbish; ++i)
    write_all(event_channel(3), rubbish[i], strlen(rubbish[i]));
  (void)send(event_channel(3), "", 0, 0);
}

#define ON_RUN write_rubbish()
#include "harness/tests/hostile/plugins/good_plugin.h"
