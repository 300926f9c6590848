// SPDX-License-Identifier: GPL-2.0-only
#include <mini/device.h>
#include <mini/net.h>
#include <mini/task.h>

/* As a boot loader would set it */
struct boot_params {
	char command_line[256];
	struct {
		u64 addr;
		u64 size;
		u32 type;
	} __packed e820[8];
	u32 nr_e820;
};

typedef int (*initcall_t)(void);

struct boot_params boot_params;

/* find-base looks for this string. */
const char linux_banner[] = "Linux version " UTS_RELEASE " (mini)\n";

static int init_thread(void *data)
{
	struct boot_params *params = data;
	u32 i;

	for (i = 0; i < params->nr_e820; i++) {
		if (params->e820[i].type == 1)
			return 0;
	}
	return -1;
}

int run_initcalls(const initcall_t *const restrict calls, int nr)
{
	int i, failed = 0;

	for (i = 0; i < nr; i++)
		failed += calls[i]() != 0;
	return failed;
}

void start_kernel(void)
{
	struct task *init = task_create("init", init_thread, &boot_params);

	if (!init)
		return;
	for (;;)
		schedule();
}
