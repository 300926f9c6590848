// SPDX-License-Identifier: GPL-2.0-only
/*
 * Run the sub-commands on damaged files. Each time the output must be correct, or one
 * line must name the file, with the old output unchanged and no other file beside it.
 * targets.c defines correct.
 *
 *	sweep [-f] [-n EVERY] [-x TOOLS [-m MEBIBYTES]] [TARGET...]
 *
 *	-f	all files, instead of a choice that takes a minute
 *	-n	only every EVERY-th file
 *	-x	run the programs below this directory, as btfstage/btfstage,
 *		instead of their functions in this process, in that much address
 *		space
 *
 * The functions are called in a child. A fault ends that child and is reported with
 * its input, and the next child continues after it. Time is limited for each file, and
 * so is the allocated memory, if the sanitizer runtime reports it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "btfinspect/cmd.h"
#include "mutate.h"
#include "scratch.h"
#include "targets.h"

#define SECONDS		60
#define BATCH		5000
#define MAX_OUTPUT	(1 << 20)
#define MAX_FAULTS	20

/*
 * The most that may be allocated at a time: a table has up to 32 bytes for one
 * of the file, and a header of 24 bytes can lead to a little.
 */
#define MEMORY_BASE	(256 << 10)
#define MEMORY_FACTOR	64

#define OLD		"the old output\n"

/* Shared by parent and children. */
struct state {
	uint64_t nr;		/* what is being tried */
	uint64_t runs, done, refused;
	uint64_t most_memory;	/* at a time, per 1000 bytes of input */
	uint64_t faults;
	char what[80];
	bool ended;		/* all there is has been tried */
};

static struct {
	enum mutations mutations;
	uint64_t every;
	const char *tools;
	rlim_t memory;
} opts = { .mutations = MUTATE_CHOICE, .every = 1 };

static struct state *state;
static int stdout_fd, stderr_fd, terminal;

static void check(bool good, const char *what)
{
	if (!good) {
		dprintf(terminal, "sweep: %s: %s\n", what, strerror(errno));
		exit(2);
	}
}

static size_t live, peak;

#ifdef __SANITIZE_ADDRESS__
int __sanitizer_install_malloc_and_free_hooks(
	void (*malloc_hook)(const volatile void *, size_t),
	void (*free_hook)(const volatile void *));
size_t __sanitizer_get_allocated_size(const volatile void *p);

static void on_malloc(const volatile void *p, size_t size)
{
	(void)p;
	live += size;
	if (live > peak)
		peak = live;
}

static void on_free(const volatile void *p)
{
	if (p)
		live -= __sanitizer_get_allocated_size(p);
}

static void watch_memory(void)
{
	__sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
}
#else
static void watch_memory(void)
{
}
#endif

static void write_file(const char *path, struct bytes b)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	check(fd >= 0, path);
	check(write(fd, b.data, b.size) == (ssize_t)b.size, path);
	close(fd);
}

static unsigned int nr_args(const struct target *t)
{
	unsigned int nr = 0;

	while (t->argv[nr])
		nr++;
	return nr;
}

static const char *program_of(const struct target *t)
{
	return t->run == cmd_check || t->run == cmd_show ||
	       t->run == cmd_report ? "btfinspect" : "btfstage";
}

/* In this process, or in one of its own. */
static int run_command(const struct target *t)
{
	const struct rlimit memory = { opts.memory, opts.memory };
	const char *program = program_of(t);
	char *argv[MAX_ARGS + 2] = { (char *)program };
	char path[PATH_MAX];
	int status;
	pid_t pid;

	memcpy(argv + 1, t->argv, sizeof(t->argv));
	if (!opts.tools) {
		optind = 0;
		return t->run(nr_args(t), argv + 1);
	}
	snprintf(path, sizeof(path), "%s/%s/%s", opts.tools, program, program);
	pid = vfork();
	if (!pid) {
		if (!opts.memory || !setrlimit(RLIMIT_AS, &memory))
			execv(path, argv);
		_exit(127);
	}
	check(pid > 0 && waitpid(pid, &status, 0) == pid, "waitpid");
	/* Die of what it died of: the parent tells. */
	if (WIFSIGNALED(status)) {
		signal(WTERMSIG(status), SIG_DFL);
		raise(WTERMSIG(status));
	}
	return WEXITSTATUS(status);
}

/* The text after @name and ": ", NULL if @line does not start so. */
static const char *after_name(const char *line, const char *name)
{
	size_t len = strlen(name);

	return !strncmp(line, name, len) && !strncmp(line + len, ": ", 2) ?
	       line + len + 2 : NULL;
}

static const char *check_line(const struct target *t, const char *line)
{
	const char *p;
	unsigned int i;

	for (p = line; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return "control characters in a message";
	line = after_name(line, program_of(t));
	if (!line)
		return "not a message of this program";
	for (i = 1; t->argv[i]; i++)
		if (after_name(line, t->argv[i]))
			return NULL;
	for (i = 0; i < MAX_INPUTS && t->inputs[i].file; i++)
		if (after_name(line, t->inputs[i].file))
			return NULL;
	return "a message that names no file";
}

/* All there is in @fd, in @buf of MAX_OUTPUT + 1 bytes, and a NUL byte. */
static const char *read_output(int fd, char *buf)
{
	ssize_t n = pread(fd, buf, MAX_OUTPUT + 1, 0);

	check(n >= 0, "pread");
	if (n > MAX_OUTPUT)
		return "too much is printed";
	buf[n] = '\0';
	return strlen(buf) == (size_t)n ? NULL : "a NUL byte is printed";
}

/* Warnings come with any status, an error with a refusal. */
static const char *check_stderr(const struct target *t, unsigned int *errors)
{
	static char buf[MAX_OUTPUT + 1];
	const char *wrong = read_output(stderr_fd, buf);
	char *line, *end;

	*errors = 0;
	for (line = buf; !wrong && *line; line = end + 1) {
		end = strchr(line, '\n');
		if (!end)
			return "part of a line";
		*end = '\0';
		wrong = check_line(t, line);
		*errors += !strstr(line, ": warning: ");
	}
	return wrong;
}

static bool is_old(const struct target *t)
{
	char buf[sizeof(OLD)];
	struct stat st, old;
	ssize_t n;
	int fd;

	if (!t->output)
		return true;
	if (stat(t->output, &st) || stat("old", &old) ||
	    st.st_ino != old.st_ino)
		return false;
	fd = open(t->output, O_RDONLY);
	n = read(fd, buf, sizeof(buf));
	close(fd);
	return n == strlen(OLD) && !memcmp(buf, OLD, n);
}

static void put_old(const struct target *t)
{
	if (!t->output)
		return;
	unlink(t->output);
	check(!link("old", t->output), "link");
}

static void empty(int fd)
{
	check(!ftruncate(fd, 0), "ftruncate");
	lseek(fd, 0, SEEK_SET);
}

/* All but time and memory: has the command done what it should? */
static const char *check_outcome(const struct target *t, int status,
				 unsigned int files)
{
	static char out[MAX_OUTPUT + 1];
	struct outcome outcome = { .status = status, .out = out };
	const char *wrong;

	wrong = check_stderr(t, &outcome.errors);
	if (!wrong)
		wrong = read_output(stdout_fd, out);
	if (wrong)
		return wrong;
	if (scratch_count(".") != files)
		return "litter";
	if (status)
		state->refused++;
	else
		state->done++;
	outcome.old = is_old(t);
	wrong = t->verify(t, &outcome);
	if (!outcome.old)
		put_old(t);
	return wrong;
}

static const char *try_once(const struct target *t, size_t input_size,
			    unsigned int files)
{
	size_t before;
	int status;

	empty(stdout_fd);
	empty(stderr_fd);
	alarm(SECONDS);
	before = live;
	peak = live;
	status = run_command(t);
	alarm(0);
	check(!fflush(stdout), "stdout");
	peak -= before;

	if (peak * 1000 / input_size > state->most_memory)
		state->most_memory = peak * 1000 / input_size;
	if (peak > MEMORY_BASE + MEMORY_FACTOR * input_size)
		return "too much memory";
	return check_outcome(t, status, files);
}

static void tell_output(int fd)
{
	char buf[2000];
	ssize_t n = pread(fd, buf, sizeof(buf), 0);

	if (n > 0)
		dprintf(terminal, "%.*s", (int)n, buf);
}

static void tell(const struct target *t, const struct input *in,
		 const char *wrong)
{
	dprintf(terminal, "# %s, %s, number %ju (%s): %s\n", t->name,
		in->file, (uintmax_t)state->nr, state->what, wrong);
	tell_output(stdout_fd);
	tell_output(stderr_fd);
	state->faults++;
}

/* The child's: from number state->nr on. */
static void batch(const struct target *t, const struct input *in,
		  struct bytes orig, size_t others, unsigned int files)
{
	struct bytes out = { malloc(orig.size), 0 };
	uint64_t end = state->nr + BATCH * opts.every;

	check(out.data, "malloc");
	for (; state->nr < end; state->nr += opts.every) {
		const char *wrong;

		if (!mutate(orig, state->nr, opts.mutations, &out,
			    state->what)) {
			state->ended = true;
			break;
		}
		write_file(in->file, out);
		state->runs++;
		wrong = try_once(t, others + orig.size, files);
		if (wrong) {
			tell(t, in, wrong);
			put_old(t);
		}
		if (state->faults >= MAX_FAULTS)
			break;
	}
	free(out.data);
	_exit(0);
}

static void sweep_input(const struct target *t, const struct input *in,
			size_t others, unsigned int files)
{
	struct bytes orig = in->make(t->form);
	int status;
	pid_t pid;

	state->nr = 0;
	state->ended = false;
	while (!state->ended && state->faults < MAX_FAULTS) {
		pid = fork();
		if (!pid) {
			setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
			batch(t, in, orig, others, files);
		}
		check(pid > 0 && waitpid(pid, &status, 0) == pid, "waitpid");
		if (!WIFSIGNALED(status) && !WEXITSTATUS(status))
			continue;
		tell(t, in, !WIFSIGNALED(status) ? "a sanitizer's report" :
		     WTERMSIG(status) == SIGALRM ? "it takes too long" :
		     strsignal(WTERMSIG(status)));
		put_old(t);
		state->nr += opts.every;
	}
	write_file(in->file, orig);
	free(orig.data);
}

static bool sweep(const struct target *t)
{
	size_t sizes[MAX_INPUTS] = { 0 }, sum = 0;
	const char *wrong;
	unsigned int files, i;
	char dir[80];

	memset(state, 0, sizeof(*state));
	snprintf(dir, sizeof(dir), "%s", t->name);
	check(!mkdir(dir, 0777) && !chdir(dir), dir);
	for (i = 0; i < MAX_INPUTS && t->inputs[i].file; i++) {
		struct bytes b = t->inputs[i].make(t->form);

		write_file(t->inputs[i].file, b);
		sizes[i] = b.size;
		sum += b.size;
		free(b.data);
	}
	if (t->output) {
		write_file("old", (struct bytes){ (uint8_t *)OLD, strlen(OLD) });
		put_old(t);
	}
	files = scratch_count(".");

	/* As they are, all is well. */
	wrong = try_once(t, sum, files);
	if (!wrong && !state->done)
		wrong = "refused";
	if (wrong)
		tell(t, &t->inputs[0], wrong);
	state->done = 0;
	for (i = 0; i < MAX_INPUTS && t->inputs[i].file; i++)
		if (!t->inputs[i].keep)
			sweep_input(t, &t->inputs[i], sum - sizes[i], files);
	check(!chdir(".."), "chdir");

	dprintf(terminal,
		"%s: %ju files, %ju refused, %ju good, %ju faults; memory: %ju.%ju times the files\n",
		t->name, (uintmax_t)state->runs, (uintmax_t)state->refused,
		(uintmax_t)state->done, (uintmax_t)state->faults,
		(uintmax_t)state->most_memory / 1000,
		(uintmax_t)state->most_memory / 100 % 10);
	return !state->faults && state->refused && state->done;
}

static bool is_wanted(const struct target *t, int argc, char **argv)
{
	int i;

	for (i = optind; i < argc; i++)
		if (!strcmp(argv[i], t->name))
			return true;
	return optind == argc;
}

static void parse_options(int argc, char **argv)
{
	int opt;

	while ((opt = getopt(argc, argv, "bfn:x:m:")) != -1) {
		switch (opt) {
		case 'b':
			opts.mutations = MUTATE_BYTES;
			break;
		case 'f':
			opts.mutations = MUTATE_ALL;
			break;
		case 'n':
			opts.every = strtoull(optarg, NULL, 0) ?: 1;
			break;
		case 'x':
			opts.tools = realpath(optarg, NULL);
			check(opts.tools, optarg);
			break;
		case 'm':
			opts.memory = strtoull(optarg, NULL, 0) << 20;
			break;
		default:
			exit(2);
		}
	}
}

int main(int argc, char **argv)
{
	const struct target *t;
	bool good = true;
	int first;

	terminal = dup(2);
	parse_options(argc, argv);
	first = optind;
	state = mmap(NULL, sizeof(*state), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	check(state != MAP_FAILED, "mmap");
	stdout_fd = memfd_create("stdout", 0);
	stderr_fd = memfd_create("stderr", 0);
	check(dup2(stdout_fd, 1) == 1 && dup2(stderr_fd, 2) == 2,
	      "memfd_create");
	watch_memory();

	scratch_setup(NULL);
	for (t = targets; t->name; t++) {
		optind = first;
		if (is_wanted(t, argc, argv) && !sweep(t))
			good = false;
	}
	scratch_teardown(NULL);
	return !good;
}
