// SPDX-License-Identifier: GPL-2.0-only
/* Input files, and output files that appear complete or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fault.h"
#include "file_in.h"
#include "file_out.h"
#include "scratch.h"

#define OLD	"what was there before"
#define BIG	300000

static char *big;

static int setup(void **state)
{
	size_t i;

	if (scratch_setup(state))
		return -1;
	big = test_malloc(BIG);
	for (i = 0; i < BIG; i++)
		big[i] = i * 7 + i / 251;
	scratch_write("in", big, BIG);
	assert_int_equal(mkdir("d", 0777), 0);
	return 0;
}

static int teardown(void **state)
{
	test_free(big);
	return scratch_teardown(state);
}

static int test_setup(void **state)
{
	(void)state;
	scratch_write("d/out", OLD, strlen(OLD));
	return 0;
}

static int test_teardown(void **state)
{
	(void)state;
	fault_clear();
	assert_int_equal(scratch_count("d"), 1);
	assert_int_equal(unlink("d/out"), 0);
	return 0;
}

static void assert_file(const char *path, const void *data, size_t size)
{
	size_t found_size;
	uint8_t *found = scratch_read(path, &found_size);

	assert_int_equal(found_size, size);
	assert_memory_equal(found, data, size);
	free(found);
}

/* Like cp, with the library. */
static int copy(const char *from, const char *to, struct err *err)
{
	struct file_out out;
	struct file_in in;
	int rc = -1;

	if (file_in_open(&in, from, err))
		return -1;
	if (file_out_create(&out, to, in.mode, err))
		goto out_close;
	if (!file_out_copy(&out, &in, err) && !file_out_publish(&out, err))
		rc = 0;
	file_out_discard(&out);
out_close:
	file_in_close(&in);
	return rc;
}

static void assert_copies(void)
{
	struct err err;

	assert_int_equal(copy("in", "d/out", &err), 0);
	assert_file("d/out", big, BIG);
	assert_int_equal(scratch_count("d"), 1);
}

static void assert_copy_fails_beside(const char *msg)
{
	struct err err = { .msg = "" };

	assert_int_equal(copy("in", "d/out", &err), -1);
	assert_string_equal(err.msg, msg);
	assert_file("d/out", OLD, strlen(OLD));
}

static void assert_copy_fails(const char *msg)
{
	assert_copy_fails_beside(msg);
	assert_int_equal(scratch_count("d"), 1);
}

static void in_maps(void **state)
{
	struct file_in in;
	struct err err;

	(void)state;
	assert_int_equal(chmod("in", 0640), 0);
	assert_int_equal(file_in_open(&in, "in", &err), 0);
	assert_true(in.mapped);
	assert_int_equal(in.mode, 0640);
	assert_int_equal(in.size, BIG);
	assert_memory_equal(in.data, big, BIG);

	assert_ptr_equal(file_in_bytes(&in, 0, BIG), in.data);
	assert_ptr_equal(file_in_bytes(&in, BIG, 0), in.data + BIG);
	assert_null(file_in_bytes(&in, 0, BIG + 1));
	assert_null(file_in_bytes(&in, BIG + 1, 0));
	assert_null(file_in_bytes(&in, 1, UINT64_MAX));
	assert_null(file_in_bytes(&in, UINT64_MAX, 1));
	file_in_close(&in);
}

/* Also of a moved struct, and with more files than are remembered. */
static void in_knows_what_is_mapped(void **state)
{
	struct file_in in[20], moved;
	struct err err;
	size_t i, nr_mapped = 0;

	(void)state;
	for (i = 0; i < 20; i++) {
		assert_int_equal(file_in_open(&in[i], "in", &err), 0);
		assert_memory_equal(in[i].data, big, BIG);
		if (!in[i].mapped)
			continue;
		nr_mapped++;
		assert_ptr_equal(file_in_mapped_at(in[i].data), in[i].path);
		assert_ptr_equal(file_in_mapped_at(in[i].data + BIG - 1),
				 in[i].path);
	}
	assert_true(nr_mapped >= 4 && nr_mapped <= 19);
	assert_null(file_in_mapped_at(NULL));
	assert_null(file_in_mapped_at(big));
	moved = in[0];
	file_in_close(&moved);
	assert_null(file_in_mapped_at(in[0].data));
	for (i = 1; i < 20; i++)
		file_in_close(&in[i]);
	assert_int_equal(file_in_open(&in[0], "in", &err), 0);
	assert_true(in[0].mapped);
	file_in_close(&in[0]);
}

static void in_reads_what_cannot_be_mapped(void **state)
{
	struct file_in in;
	struct err err;

	(void)state;
	fault_set(FAULT_MMAP, 0, FAULT_ALWAYS, ENODEV);
	fault_short(1000);
	assert_int_equal(file_in_open(&in, "in", &err), 0);
	assert_false(in.mapped);
	assert_int_equal(in.size, BIG);
	assert_memory_equal(in.data, big, BIG);
	file_in_close(&in);

	fault_set(FAULT_READ, 2, 1, EINTR);
	assert_int_equal(file_in_open(&in, "in", &err), 0);
	assert_int_equal(in.size, BIG);
	file_in_close(&in);

	fault_set(FAULT_READ, 2, 1, EIO);
	assert_int_equal(file_in_open(&in, "in", &err), -1);
	assert_string_equal(err.msg, "in: cannot read: Input/output error");

	fault_set(FAULT_ALLOC, 0, 1, ENOMEM);
	assert_int_equal(file_in_open(&in, "in", &err), -1);
	assert_string_equal(err.msg, "in: out of memory");
}

/* sysfs tells 4096 bytes for an attribute of fewer. */
static void in_reads_sysfs(void **state)
{
	const char *path = "/sys/kernel/mm/transparent_hugepage/enabled";
	struct file_in in;
	struct err err;

	(void)state;
	if (access(path, R_OK)) {
		print_message("# SKIP in_reads_sysfs: no %s\n", path);
		skip();
	}
	assert_int_equal(file_in_open(&in, path, &err), 0);
	assert_false(in.mapped);
	assert_true(in.size >= 1 && in.size <= 200);
	assert_int_equal(in.data[in.size - 1], '\n');
	file_in_close(&in);
}

static void in_empty(void **state)
{
	struct file_in in;
	struct err err;

	(void)state;
	scratch_write("empty", "", 0);
	assert_int_equal(file_in_open(&in, "empty", &err), 0);
	assert_int_equal(in.size, 0);
	assert_null(in.data);
	assert_null(file_in_bytes(&in, 0, 0));
	file_in_close(&in);

	assert_int_equal(copy("empty", "d/out", &err), 0);
	assert_file("d/out", "", 0);
}

static void in_refuses(void **state)
{
	struct file_in in;
	struct err err;

	(void)state;
	assert_int_equal(mkfifo("fifo", 0666), 0);
	assert_int_equal(file_in_open(&in, "fifo", &err), -1);
	assert_string_equal(err.msg, "fifo: is not a regular file");
	assert_int_equal(file_in_open(&in, ".", &err), -1);
	assert_string_equal(err.msg, ".: is not a regular file");
	assert_int_equal(file_in_open(&in, "/dev/zero", &err), -1);
	assert_string_equal(err.msg, "/dev/zero: is not a regular file");
	assert_int_equal(file_in_open(&in, "none", &err), -1);
	assert_string_equal(err.msg,
			    "none: cannot open: No such file or directory");
}

static void out_copies(void **state)
{
	mode_t mask = umask(022);
	struct stat st;

	(void)state;
	assert_int_equal(chmod("in", 0751), 0);
	assert_copies();
	assert_int_equal(stat("d/out", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0751);

	/* Replace the file just made; cp honours the umask, too. */
	assert_int_equal(chmod("in", 0666), 0);
	umask(027);
	assert_copies();
	assert_int_equal(stat("d/out", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	umask(mask);
}

/* The file system shares extents, copies, copies in part, or does neither. */
static void out_copies_whatever_the_kernel_can(void **state)
{
	static const int errors[] = {
		EXDEV, EINVAL, EOPNOTSUPP, EPERM, ETXTBSY, 0
	};
	size_t i;

	(void)state;
	for (i = 0; errors[i]; i++) {
		fault_set(FAULT_FICLONE, 0, FAULT_ALWAYS, errors[i]);
		assert_copies();
		fault_set(FAULT_COPY_FILE_RANGE, 0, FAULT_ALWAYS, errors[i]);
		assert_copies();
		fault_set(FAULT_COPY_FILE_RANGE, 3, FAULT_ALWAYS, errors[i]);
		fault_short(10000);
		assert_copies();
		fault_clear();
	}

	fault_set(FAULT_FICLONE, 0, FAULT_ALWAYS, EINTR);
	fault_set(FAULT_COPY_FILE_RANGE, 3, 2, EINTR);
	fault_short(10000);
	assert_copies();
	assert_true(fault_calls(FAULT_COPY_FILE_RANGE) >= BIG / 10000);
	assert_int_equal(fault_calls(FAULT_PWRITE), 0);

	fault_set(FAULT_COPY_FILE_RANGE, 0, FAULT_ALWAYS, EXDEV);
	fault_set(FAULT_PWRITE, 3, 2, EINTR);
	assert_copies();
	assert_true(fault_calls(FAULT_PWRITE) >= BIG / 10000);
}

static void out_tells_what_failed(void **state)
{
	static const struct {
		enum fault fault;
		int error;
		const char *msg;
	} cases[] = {
		{ FAULT_COPY_FILE_RANGE, ENOSPC,
		  "d/out: cannot write: No space left on device" },
		{ FAULT_COPY_FILE_RANGE, EFBIG,
		  "d/out: cannot write: File too large" },
		{ FAULT_COPY_FILE_RANGE, EIO,
		  "d/out: cannot write: Input/output error" },
		{ FAULT_COPY_FILE_RANGE, EDQUOT,
		  "d/out: cannot write: Disk quota exceeded" },
		{ FAULT_RENAME, EBUSY,
		  "d/out: cannot replace: Device or resource busy" },
		{ FAULT_CLOSE, EDQUOT,
		  "d/out: cannot write: Disk quota exceeded" },
		{ FAULT_STAT, EACCES,
		  "d/out: cannot write: Permission denied" },
		{ NR_FAULTS, 0, NULL }
	};
	size_t i;

	(void)state;
	fault_set(FAULT_FICLONE, 0, FAULT_ALWAYS, EOPNOTSUPP);
	for (i = 0; cases[i].msg; i++) {
		fault_set(cases[i].fault, 0, FAULT_ALWAYS, cases[i].error);
		assert_copy_fails(cases[i].msg);
		fault_set(cases[i].fault, 0, 0, 0);
	}

	fault_set(FAULT_COPY_FILE_RANGE, 0, FAULT_ALWAYS, EXDEV);
	fault_short(100000);
	fault_set(FAULT_PWRITE, 1, FAULT_ALWAYS, ENOSPC);
	assert_copy_fails("d/out: cannot write: No space left on device");

	fault_set(FAULT_OPEN, 1, FAULT_ALWAYS, EROFS);
	assert_copy_fails("d/out: cannot create a file beside it: Read-only file system");
}

static void out_of_memory_at_each_call(void **state)
{
	struct err err;
	unsigned int i;

	(void)state;
	for (i = 0; ; i++) {
		fault_clear();
		fault_set(FAULT_ALLOC, i, 1, ENOMEM);
		if (!copy("in", "d/out", &err))
			break;
		assert_string_equal(err.msg, "d/out: out of memory");
		assert_true(err.no_memory);
		assert_file("d/out", OLD, strlen(OLD));
		assert_int_equal(scratch_count("d"), 1);
	}
	assert_int_equal(i, 1);
}

/* A leftover temporary file is overwritten, and a link is not followed. */
static void out_overwrites_litter(void **state)
{
	struct stat st;

	(void)state;
	scratch_write("d/.tmp_out", "litter", 6);
	assert_int_equal(chmod("d/.tmp_out", 0777), 0);
	assert_int_equal(chmod("in", 0600), 0);
	assert_copies();
	assert_int_equal(stat("d/out", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);

	scratch_write("d/out", OLD, strlen(OLD));
	scratch_write("else", "else", 4);
	assert_int_equal(symlink("../else", "d/.tmp_out"), 0);
	assert_copy_fails_beside("d/out: cannot create a file beside it: Too many levels of symbolic links");
	assert_file("else", "else", 4);
	assert_int_equal(unlink("d/.tmp_out"), 0);

	assert_int_equal(mkfifo("d/.tmp_out", 0600), 0);
	assert_copy_fails_beside("d/out: cannot create a file beside it: No such device or address");
	assert_int_equal(unlink("d/.tmp_out"), 0);

	assert_int_equal(mkdir("d/.tmp_out", 0700), 0);
	assert_copy_fails_beside("d/out: cannot create a file beside it: Is a directory");
	assert_int_equal(rmdir("d/.tmp_out"), 0);
}

/* The second one waits, and does not write into what the first one published. */
static void out_waits_for_another(void **state)
{
	struct file_out out;
	struct err err;
	int status;
	pid_t pid;

	(void)state;
	assert_int_equal(file_out_create(&out, "d/out", 0666, &err), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		close(out.fd);
		close(out.lock);
		_exit(!!copy("in", "d/out", &err));
	}
	assert_int_equal(file_out_write_at(&out, "ours", 4, 0, &err), 0);
	usleep(100000);
	assert_int_equal(waitpid(pid, &status, WNOHANG), 0);
	assert_int_equal(file_out_publish(&out, &err), 0);
	assert_file("d/out", "ours", 4);
	file_out_discard(&out);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_file("d/out", big, BIG);
}

static void out_file_size_limit(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		struct rlimit limit = { 100000, 100000 };
		struct err err = { .msg = "" };

		setrlimit(RLIMIT_FSIZE, &limit);
		copy("in", "d/out", &err);
		_exit(!!strcmp(err.msg, "d/out: cannot write: File too large"));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_file("d/out", OLD, strlen(OLD));
}

static void out_refuses(void **state)
{
	static const char * const paths[] = {
		"dir", "pipe", "/dev/full", "/dev/null", "link-to-device", ".",
		NULL
	};
	struct file_out out;
	struct err err;
	char msg[200];
	size_t i;

	(void)state;
	assert_int_equal(mkdir("dir", 0777), 0);
	assert_int_equal(mkfifo("pipe", 0666), 0);
	assert_int_equal(symlink("/dev/full", "link-to-device"), 0);
	for (i = 0; paths[i]; i++) {
		assert_int_equal(file_out_create(&out, paths[i], 0666, &err), -1);
		snprintf(msg, sizeof(msg),
			 "%s: is not a regular file, will not replace it",
			 paths[i]);
		assert_string_equal(err.msg, msg);
		file_out_discard(&out);
	}

	assert_int_equal(file_out_create(&out, "", 0666, &err), -1);
	assert_string_equal(err.msg, ": is not a file name");
	assert_int_equal(file_out_create(&out, "new/", 0666, &err), -1);
	assert_string_equal(err.msg, "new/: is not a file name");
	assert_int_equal(file_out_create(&out, "none/new", 0666, &err), -1);
	assert_string_equal(err.msg,
			    "none/new: cannot create a file beside it: No such file or directory");
	assert_int_equal(file_out_create(&out, "in/new", 0666, &err), -1);
	assert_string_equal(err.msg, "in/new: cannot write: Not a directory");
}

/* As mv does: the link goes, the file that it named stays. */
static void out_replaces_a_link(void **state)
{
	struct stat st;
	struct err err;

	(void)state;
	scratch_write("named", OLD, strlen(OLD));
	assert_int_equal(unlink("d/out"), 0);
	assert_int_equal(symlink("../named", "d/out"), 0);
	assert_int_equal(copy("in", "d/out", &err), 0);
	assert_file("named", OLD, strlen(OLD));
	assert_int_equal(lstat("d/out", &st), 0);
	assert_true(S_ISREG(st.st_mode));

	assert_int_equal(unlink("d/out"), 0);
	assert_int_equal(symlink("dangling", "d/out"), 0);
	assert_copies();
}

/* As long as the temporary name can be. */
static void out_long_name(void **state)
{
	char path[2 + 251 + 1] = "d/";
	struct err err;

	(void)state;
	memset(path + 2, 'x', 250);
	assert_int_equal(copy("in", path, &err), 0);
	assert_file(path, big, BIG);
	assert_int_equal(unlink(path), 0);

	path[2 + 250] = 'x';
	assert_int_equal(copy("in", path, &err), -1);
	assert_non_null(strstr(err.msg,
			       ": cannot create a file beside it: File name too long"));
}

static void out_in_the_working_directory(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(copy("in", "out-here", &err), 0);
	assert_file("out-here", big, BIG);
	assert_int_equal(unlink("out-here"), 0);
}

static void out_write_at(void **state)
{
	static const char expect[] = "\0\0\0abc\0\0xyz";
	struct file_out out;
	struct err err;

	(void)state;
	assert_int_equal(file_out_create(&out, "d/out", 0666, &err), 0);
	fault_short(1);
	assert_int_equal(file_out_write_at(&out, "xyz", 3, 8, &err), 0);
	assert_int_equal(file_out_write_at(&out, "abc", 3, 3, &err), 0);
	assert_int_equal(file_out_write_at(&out, NULL, 0, 50, &err), 0);
	assert_int_equal(file_out_write_at(&out, "x", 1, INT64_MAX, &err), -1);
	assert_string_equal(err.msg, "d/out: cannot write: File too large");
	assert_int_equal(file_out_write_at(&out, "x", 1, UINT64_MAX, &err), -1);
	assert_file("d/out", OLD, strlen(OLD));
	assert_int_equal(file_out_publish(&out, &err), 0);
	file_out_discard(&out);
	file_out_discard(&out);
	assert_file("d/out", expect, sizeof(expect) - 1);
}

static void out_discard(void **state)
{
	struct file_out out;
	struct err err;

	(void)state;
	assert_int_equal(file_out_create(&out, "d/out", 0666, &err), 0);
	assert_int_equal(scratch_count("d"), 2);
	file_out_discard(&out);
	assert_file("d/out", OLD, strlen(OLD));
	assert_int_equal(scratch_count("d"), 1);
}

/* The input shrinks or grows under our hands. */
static void out_input_changes(void **state)
{
	struct file_out out;
	struct file_in in;
	struct err err;
	int grow, clone;

	(void)state;
	for (grow = 0; grow < 2; grow++) {
		for (clone = 0; clone < 2; clone++) {
			fault_clear();
			if (!clone)
				fault_set(FAULT_FICLONE, 0, FAULT_ALWAYS,
					  EOPNOTSUPP);
			scratch_write("changing", big, 10000);
			assert_int_equal(file_in_open(&in, "changing", &err),
					 0);
			assert_int_equal(file_out_create(&out, "d/out", 0666, &err),
					 0);
			assert_int_equal(truncate("changing",
						  grow ? 20000 : 5000), 0);
			assert_int_equal(file_out_copy(&out, &in, &err), -1);
			assert_string_equal(err.msg,
					    "changing: changed while it was copied");
			file_out_discard(&out);
			file_in_close(&in);
		}
	}
}

/*
 * Killed at each step of a copy. The target is the old or the new file, whole, and
 * the next copy leaves nothing else.
 */
static void out_survives_signals(void **state)
{
	unsigned int nr_steps, at;
	int status;
	pid_t pid;

	(void)state;
	fault_short(100000);
	assert_copies();
	nr_steps = fault_steps();
	assert_true(nr_steps >= 8 && nr_steps <= 100);

	for (at = 0; at < nr_steps; at++) {
		struct err err;
		size_t size;
		uint8_t *data;

		scratch_write("d/out", OLD, strlen(OLD));
		pid = fork();
		assert_true(pid >= 0);
		if (!pid) {
			fault_signal(at, SIGKILL);
			copy("in", "d/out", &err);
			_exit(0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGKILL);

		data = scratch_read("d/out", &size);
		if (size == BIG)
			assert_memory_equal(data, big, BIG);
		else
			assert_memory_equal(data, OLD, strlen(OLD));
		free(data);
		assert_true(scratch_count("d") >= 1 && scratch_count("d") <= 2);
	}
	assert_copies();
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, test_setup, test_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(in_maps),
		TEST(in_knows_what_is_mapped),
		TEST(in_reads_what_cannot_be_mapped),
		TEST(in_reads_sysfs),
		TEST(in_empty),
		TEST(in_refuses),
		TEST(out_copies),
		TEST(out_copies_whatever_the_kernel_can),
		TEST(out_tells_what_failed),
		TEST(out_of_memory_at_each_call),
		TEST(out_overwrites_litter),
		TEST(out_waits_for_another),
		TEST(out_file_size_limit),
		TEST(out_refuses),
		TEST(out_replaces_a_link),
		TEST(out_long_name),
		TEST(out_in_the_working_directory),
		TEST(out_write_at),
		TEST(out_discard),
		TEST(out_input_changes),
		TEST(out_survives_signals),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
