// SPDX-License-Identifier: GPL-2.0-only
/* Implicit arguments of kfuncs that resolve_btfids did not recognize. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "btf_build.h"
#include "implicit.h"

static char said[256];
static size_t said_len;

static void say(void *arg, const char *kfunc, const char *type)
{
	(void)arg;
	said_len += snprintf(said + said_len, sizeof(said) - said_len, "%s:%s ",
			     kfunc, type);
}

/* The kfuncs found in these types */
static const char *left_in(const char *text)
{
	static uint32_t ids[64];
	struct own_names own;
	struct btf btf;
	struct err err;
	uint32_t i;

	for (i = 0; i < 64; i++)
		ids[i] = i;
	said[0] = '\0';
	said_len = 0;
	assert_int_equal(raw_open(&btf, model_raw(model_parse(text), false),
				  &err), 0);
	assert_int_equal(own_names_init(&own, &btf, ids, 1, &err), 0);
	implicit_args_left(&btf, &own, say, NULL);
	own_names_free(&own);
	btf_free(&btf);
	return said;
}

#define TWO_FUNCS "x FUNC x proto static\ny FUNC x_impl proto static\n"

static void implicit_of_a_declaration(void **state)
{
	(void)state;
	assert_string_equal(left_in("i INT int 4\n"
				    "s FWD bpf_prog_aux struct\n"
				    "p PTR s\n"
				    "proto PROTO i n:i aux:p\n" TWO_FUNCS),
			    "x:bpf_prog_aux ");
	assert_string_equal(left_in("s FWD btf_struct_meta struct\n"
				    "c CONST s\nt TYPEDEF meta_t c\n"
				    "p PTR t\nq CONST p\n"
				    "proto PROTO void a:q\n" TWO_FUNCS),
			    "x:btf_struct_meta ");
}

static void implicit_not(void **state)
{
	(void)state;
	/* a definition */
	assert_string_equal(left_in("s STRUCT bpf_prog_aux 0\np PTR s\n"
				    "proto PROTO void a:p\n" TWO_FUNCS), "");
	/* another struct */
	assert_string_equal(left_in("s FWD bpf_prog struct\np PTR s\n"
				    "proto PROTO void a:p\n" TWO_FUNCS), "");
	/* no pointer to it */
	assert_string_equal(left_in("s FWD bpf_prog_aux struct\np PTR s\n"
				    "pp PTR p\n"
				    "proto PROTO p a:pp b:void\n" TWO_FUNCS),
			    "");
	/* rewritten: foo_impl alone has it */
	assert_string_equal(left_in("s FWD bpf_prog_aux struct\np PTR s\n"
				    "proto PROTO void a:p\nless PROTO void\n"
				    "x FUNC x less static\n"
				    "y FUNC x_impl proto static\n"), "");
	/* no kfunc that was rewritten */
	assert_string_equal(left_in("s FWD bpf_prog_aux struct\np PTR s\n"
				    "proto PROTO void a:p\n"
				    "x FUNC x proto static\n"), "");
}

static void implicit_in_circles(void **state)
{
	(void)state;
	assert_string_equal(left_in("s FWD bpf_prog_aux struct\n"
				    "c CONST d\nd VOLATILE c\np PTR c\n"
				    "proto PROTO void a:c b:p\n" TWO_FUNCS),
			    "");
	assert_string_equal(left_in("s FWD bpf_prog_aux struct\np PTR s\n"
				    "proto CONST proto\n" TWO_FUNCS), "");
}

/* A truncated name of a function must not match another one. */
static void implicit_long_name(void **state)
{
	static char text[2048];
	int len;

	(void)state;
	len = sprintf(text, "s FWD bpf_prog_aux struct\np PTR s\n"
		      "proto PROTO void a:p\nx FUNC ");
	memset(text + len, 'x', 600);
	len += 600;
	len += sprintf(text + len, " proto static\ny FUNC ");
	memset(text + len, 'x', 512);
	len += 512;
	sprintf(text + len, "_impl proto static\n");
	assert_string_equal(left_in(text), "");
}

#define TEST(name) cmocka_unit_test_teardown(name, build_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(implicit_of_a_declaration),
		TEST(implicit_not),
		TEST(implicit_in_circles),
		TEST(implicit_long_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
