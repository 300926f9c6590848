// SPDX-License-Identifier: GPL-2.0-only
/*
 * The whole of "btfstage ko". The input is three files: the length of the types
 * and that of the base, each a 32-bit number in little endian, the types, the
 * base, and the module.
 */
#include <endian.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "btfstage/cmd.h"
#include "fuzz.h"
#include "message.h"
#include "oracle.h"

static char dir[] = "/tmp/btfstage-fuzz.XXXXXX";
static char out_path[64];
static const char *module_path;
static unsigned int errors;

/* The output of the command to stderr. */
int fuzz_fprintf(FILE *file, const char *fmt, ...)
{
	char msg[4096];
	va_list ap;
	bool no_btf;
	size_t len;

	(void)file;
	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	len = strlen(msg);
	no_btf = !strncmp(msg, "  NO BTF  ", 10);
	if ((!no_btf && strncmp(msg, "btfstage: ", 10)) || msg[len - 1] != '\n')
		fuzz_check("a message that is not a line of btfstage");
	msg[len - 1] = '\0';
	fuzz_check_message(msg);
	if (no_btf)
		return 0;
	len = strlen(module_path);
	errors += strncmp(msg + 10, module_path, len) ||
		  strncmp(msg + 10 + len, ": warning: ", 11);
	return 0;
}

static void cleanup(void)
{
	unlink(out_path);
	rmdir(dir);
}

static void set_up(void)
{
	if (!mkdtemp(dir))
		fuzz_check("no directory for the output");
	snprintf(out_path, sizeof(out_path), "%s/out", dir);
	atexit(cleanup);
}

static struct bytes read_out(void)
{
	FILE *f = fopen(out_path, "r");
	struct bytes b;
	struct stat st;

	if (!f || fstat(fileno(f), &st))
		fuzz_check("there is no output");
	b.size = st.st_size;
	b.data = malloc(b.size);
	if (fread(b.data, 1, b.size, f) != b.size)
		fuzz_check("the output cannot be read");
	fclose(f);
	return b;
}

static void check_out(struct bytes in, struct bytes types, struct bytes base)
{
	struct bytes out = read_out();

	if (types.size >= 8 && !memcmp(types.data, "# no BTF", 8)) {
		if (out.size != in.size || memcmp(out.data, in.data, in.size))
			fuzz_check("not a copy");
	} else {
		fuzz_check(oracle_module(in, out, base));
	}
	free(out.data);
}

static struct bytes take(const uint8_t **data, size_t *left, size_t size)
{
	struct bytes b;

	b.size = size < *left ? size : *left;
	b.data = malloc(b.size + 1);
	memcpy(b.data, *data, b.size);
	*data += b.size;
	*left -= b.size;
	return b;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes types, base, module;
	uint32_t lens[2];
	char *argv[10] = { "ko", "--base", NULL, "--types", NULL, "-o",
			   out_path, NULL, NULL };
	int status;

	if (!out_path[0])
		set_up();
	if (size < sizeof(lens))
		return 0;
	memcpy(lens, data, sizeof(lens));
	data += sizeof(lens);
	size -= sizeof(lens);
	types = take(&data, &size, le32toh(lens[0]));
	base = take(&data, &size, le32toh(lens[1]));
	module = take(&data, &size, size);

	argv[2] = (char *)fuzz_file(FUZZ_BASE, base.data, base.size);
	argv[4] = (char *)fuzz_file(FUZZ_TYPES, types.data, types.size);
	module_path = fuzz_file(FUZZ_MODULE, module.data, module.size);
	argv[7] = (char *)module_path;
	unlink(out_path);
	optind = 0;
	errors = 0;
	status = cmd_ko(8, argv);
	if (status == EXIT_DONE && !errors)
		check_out(module, types, base);
	else if ((status != EXIT_FAILED && status != EXIT_BAD_TYPES) ||
		 errors != 1)
		fuzz_check("status and messages do not agree");
	else if (!access(out_path, F_OK))
		fuzz_check("an output in spite of an error");
	free(types.data);
	free(base.data);
	free(module.data);
	return 0;
}
