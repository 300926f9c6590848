// SPDX-License-Identifier: GPL-2.0-only
/* Which of a module's types are in the base: cases written by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>

#include <cmocka.h>

#include "btf_build.h"

/* Another shape of the same thing is in the base, before and after it. */
#define PAD	"pad INT pad 1\n"

static struct staged *run(const char *base, const char *mod)
{
	struct staged *s = build_alloc(sizeof(*s));

	stage(s, model_parse(base), model_parse(mod), false);
	return s;
}

/* The type of the module with label @label is @base_label of the base. */
static void assert_found(const struct staged *s, const char *label,
			 const char *base_label)
{
	uint32_t id = s->ids[model_id(s->mod, label)];

	if (id > s->base->nr)
		fail_msg("%s was kept", label);
	if (id != model_id(s->base, base_label))
		fail_msg("%s became %s, not %s", label,
			 s->base->types[id].label, base_label);
}

static void assert_kept(const struct staged *s, const char *label)
{
	uint32_t id = s->ids[model_id(s->mod, label)];

	if (id <= s->base->nr)
		fail_msg("%s became %s of the base", label,
			 s->base->types[id].label);
}

/* For every kind and every word of it. */
static void match_each_kind(void **state)
{
	static const char *const texts[][6] = {
		{ "x INT i 4\n", "x INT j 4\n", "x INT i 8\n" },
		{ "x FLOAT f 4\n", "x FLOAT f 8\n", "x FLOAT g 4\n" },
		{ "x PTR i\ni INT i 4\n", "x PTR void\n",
		  "x PTR i\ni INT i 8\n", "x PTR i\ni INT j 4\n" },
		{ "x CONST void\n", "x CONST i\ni INT i 4\n" },
		{ "x VOLATILE void\n", "x VOLATILE i\ni INT i 4\n" },
		{ "x RESTRICT p\np PTR void\n",
		  "x RESTRICT p\np PTR i\ni INT i 4\n" },
		{ "x ARRAY i i 3\ni INT i 4\n", "x ARRAY i i 4\ni INT i 4\n",
		  "x ARRAY j i 3\ni INT i 4\nj INT j 4\n",
		  "x ARRAY i j 3\ni INT i 4\nj INT j 4\n" },
		{ "x STRUCT s 4 m:i@0\ni INT i 4\n",
		  "x STRUCT t 4 m:i@0\ni INT i 4\n",
		  "x STRUCT s 8 m:i@0\ni INT i 4\n",
		  "x STRUCT s 4 n:i@0\ni INT i 4\n",
		  "x STRUCT s 4 m:i@8\ni INT i 4\n",
		  "x STRUCT s 4 m:i@0/7\ni INT i 4\n" },
		{ "x UNION s 4 m:i@0 n:i@0\ni INT i 4\n",
		  "x UNION s 4 m:i@0\ni INT i 4\n",
		  "x UNION s 4 n:i@0 m:i@0\ni INT i 4\n",
		  "x STRUCT s 4 m:i@0 n:i@0\ni INT i 4\n" },
		{ "x ENUM e 4 A=1\n", "x ENUM e 4 A=2\n", "x ENUM e 4 B=1\n",
		  "x ENUM f 4 A=1\n", "x ENUM e 4 A=1 B=2\n" },
		{ "x ENUM64 e 8 A=0x100000000\n", "x ENUM64 e 8 A=0\n",
		  "x ENUM e 4 A=0\n", "x ENUM64 e 8 A=0x200000000\n" },
		{ "x FWD f struct\n", "x FWD f union\n", "x FWD g struct\n" },
		{ "x TYPEDEF t i\ni INT i 4\n", "x TYPEDEF u i\ni INT i 4\n",
		  "x TYPEDEF t void\n" },
		{ "x TYPE_TAG t i\ni INT i 4\n", "x TYPE_TAG u i\ni INT i 4\n",
		  "x TYPE_TAG t void\n" },
		{ "x PROTO i a:i\ni INT i 4\n", "x PROTO void a:i\ni INT i 4\n",
		  "x PROTO i b:i\ni INT i 4\n", "x PROTO i\ni INT i 4\n",
		  "x PROTO i a:i -:void\ni INT i 4\n" },
		{ "x FUNC f p 1\np PROTO void\n", "x FUNC g p 1\np PROTO void\n",
		  "x FUNC f p 0\np PROTO void\n",
		  "x FUNC f p 1\np PROTO void -:void\n" },
		{ "x DECL_TAG t s 0\ns STRUCT s 4 m:i@0\ni INT i 4\n",
		  "x DECL_TAG t s -1\ns STRUCT s 4 m:i@0\ni INT i 4\n",
		  "x DECL_TAG u s 0\ns STRUCT s 4 m:i@0\ni INT i 4\n",
		  "x DECL_TAG t s 0\ns STRUCT s 4 n:i@0\ni INT i 4\n" },
	};
	unsigned int a, b;

	(void)state;
	for (a = 0; a < sizeof(texts) / sizeof(texts[0]); a++) {
		const char *base = build_text(PAD "%s", texts[a][0]);
		struct staged *s = run(base, texts[a][0]);

		assert_found(s, "x", "x");
		assert_int_equal(s->nr_kept, 0);
		for (b = 1; b < 6 && texts[a][b]; b++) {
			assert_kept(run(base, texts[a][b]), "x");
			assert_kept(run(build_text(PAD "%s", texts[a][b]),
					texts[a][0]), "x");
		}
	}
}

/* Two modules' variables have the same name and are not the same. */
static void match_never_variables(void **state)
{
	static const char text[] = "i INT i 4\nv VAR v i 0\n"
				   "s DATASEC .data 4 :v@0/4\n";
	struct staged *s = run(text, text);

	(void)state;
	assert_found(s, "i", "i");
	assert_kept(s, "v");
	assert_kept(s, "s");
}

#define USERS								\
	"ps PTR s\n"							\
	"cs CONST s\n"							\
	"user STRUCT user 8 p:ps@0\n"					\
	"proto PROTO void s:ps\n"					\
	"f FUNC f proto 1\n"						\
	"td TYPEDEF td user\n"						\
	"arr ARRAY td i 2\n"						\
	"i INT i 4\n"							\
	"other STRUCT other 8 p:pi@0\n"					\
	"pi PTR i\n"							\
	"g FUNC g gproto 1\n"						\
	"gproto PROTO i p:pi\n"

/* One change, and all that can reach it is the module's; nothing else is. */
static void match_changed_struct(void **state)
{
	static const char *const changed[] = {
		"s STRUCT s 4 n:i@0\n", "s STRUCT s 8 m:i@0\n",
		"s STRUCT s 4 m:i@8\n", "s STRUCT s 4 m:pi@0\n",
		"s STRUCT s 4 m:i@0 n:i@0\n", "s STRUCT s 4\n",
	};
	static const char *const keep[] = {
		"s", "ps", "cs", "user", "proto", "f", "td", "arr"
	};
	static const char *const find[] = {
		"i", "other", "pi", "g", "gproto"
	};
	unsigned int i, j;

	(void)state;
	for (i = 0; i < 6; i++) {
		struct staged *s = run("s STRUCT s 4 m:i@0\n" USERS,
				       build_text(USERS "%s", changed[i]));

		for (j = 0; j < 8; j++)
			assert_kept(s, keep[j]);
		for (j = 0; j < 5; j++)
			assert_found(s, find[j], find[j]);
		assert_int_equal(s->nr_kept, 8);
	}
}

#define RING								\
	"task STRUCT task 24 mm:pmm@0 next:ptask@64 fn:pfn@128\n"	\
	"pmm PTR mm\n"							\
	"mm STRUCT mm 16 owner:ptask@0 -:anon@64\n"			\
	"anon UNION - 8 t:ptask@0 x:pmm@0\n"				\
	"ptask PTR task\n"						\
	"pfn PTR fn\n"							\
	"fn PROTO void t:ptask m:cmm\n"					\
	"cmm CONST pmm\n"

/* Neither struct can be decided before the other. */
static void match_recursive(void **state)
{
	static const char *const labels[] = {
		"task", "pmm", "mm", "anon", "ptask", "pfn", "fn", "cmm"
	};
	struct staged *s = run(PAD RING, RING);
	unsigned int i;

	(void)state;
	for (i = 0; i < 8; i++)
		assert_found(s, labels[i], labels[i]);

	/* A change anywhere in the ring is a change of all of it. */
	s = run("task STRUCT task 24 mm:pmm@0 next:ptask@64 fn:pfn@128\n"
		"pmm PTR mm\n"
		"mm STRUCT mm 24 owner:ptask@0 -:anon@64\n"
		"anon UNION - 8 t:ptask@0 x:pmm@0\n"
		"ptask PTR task\npfn PTR fn\ncmm CONST pmm\n"
		"fn PROTO void t:ptask m:cmm\n", RING);
	for (i = 0; i < 8; i++)
		assert_kept(s, labels[i]);
}

/* A module that has only "struct b;". */
static void match_declaration_in_module(void **state)
{
	struct staged *s;

	(void)state;
	s = run("a STRUCT a 8 p:p@0\np PTR b\nb STRUCT b 4 x:i@0\ni INT i 4\n",
		"p PTR b\nb FWD b struct\na STRUCT a 8 p:p@0\n");
	assert_found(s, "a", "a");
	assert_found(s, "p", "p");
	assert_found(s, "b", "b");

	/* No struct around it: by its name. */
	s = run("b UNION b 4 x:i@0\ni INT i 4\nc STRUCT b 4\n",
		"p PTR b\nb FWD b union\nf FUNC f fp 0\nfp PROTO void b:p\n");
	assert_found(s, "b", "b");
	assert_kept(s, "p");

	/* The base has no more than that itself. */
	s = run(PAD "b FWD b struct\np PTR b\n", "b FWD b struct\np PTR b\n");
	assert_found(s, "b", "b");
	assert_found(s, "p", "p");

	/* Neither that, nor something of another kind. */
	s = run("b UNION b 4 x:i@0\ni INT i 4\nt TYPEDEF b i\n",
		"b FWD b struct\n");
	assert_kept(s, "b");
}

#define TWO_B								\
	"i INT i 4\n"							\
	"b1 STRUCT b 4 x:i@0\n"						\
	"b2 STRUCT b 4 y:i@0\n"						\
	"p1 PTR b1\n"							\
	"p2 PTR b2\n"

/* Not the name alone, but the struct that uses it decides. */
static void match_ambiguous_declaration(void **state)
{
	struct staged *s;

	(void)state;
	s = run(TWO_B "a STRUCT a 8 p:p2@0\n",
		"b FWD b struct\np PTR b\na STRUCT a 8 p:p@0\n");
	assert_found(s, "a", "a");
	assert_found(s, "b", "b2");
	assert_found(s, "p", "p2");

	s = run(TWO_B "a STRUCT a 8 p:p1@0\n",
		"b FWD b struct\np PTR b\na STRUCT a 8 p:p@0\n");
	assert_found(s, "b", "b1");
	assert_found(s, "p", "p1");

	/* Far away from the struct, through all that only refers. */
	s = run(TWO_B "a STRUCT a 8 p:f@0\nf PTR fn\nfn PROTO void t:t -:void\n"
		"t TYPEDEF t r\nr CONST arr\narr ARRAY p2 i 3\n",
		"b FWD b struct\np PTR b\na STRUCT a 8 p:f@0\nf PTR fn\n"
		"fn PROTO void t:t -:void\nt TYPEDEF t r\nr CONST arr\n"
		"arr ARRAY p i 3\ni INT i 4\n");
	assert_found(s, "a", "a");
	assert_found(s, "b", "b2");
	assert_found(s, "fn", "fn");

	/* Nothing tells: it stays what it is. */
	s = run(TWO_B, "b FWD b struct\np PTR b\nc STRUCT c 8 p:p@0\n");
	assert_kept(s, "b");
	assert_kept(s, "p");
	s = run(TWO_B "b FWD b struct\n", "b FWD b struct\np PTR b\n");
	assert_found(s, "b", "b");
	assert_kept(s, "p");
}

/* With a definition of its own, the module does not mean the base's. */
static void match_declaration_and_own_definition(void **state)
{
	struct staged *s;

	(void)state;
	s = run("b STRUCT b 4 x:i@0\ni INT i 4\n",
		"d FWD b struct\np PTR d\nb STRUCT b 8 x:i@0\ni INT i 4\n");
	assert_kept(s, "d");
	assert_kept(s, "b");
}

/*
 * The base's users of a declaration are the module's, though the module knows
 * what is declared; that knowledge is not thrown away.
 */
static void match_declaration_in_base(void **state)
{
	struct staged *s;

	(void)state;
	s = run("a STRUCT a 8 p:p@0\np PTR b\nb FWD b struct\ni INT i 4\n",
		"a STRUCT a 8 p:p@0\np PTR b\nb STRUCT b 4 x:i@0\ni INT i 4\n");
	assert_found(s, "a", "a");
	assert_kept(s, "b");
	assert_kept(s, "p");
	assert_found(s, "i", "i");
}

/* The base has the struct with the declaration, and then the very same. */
static void match_definition_over_declaration(void **state)
{
	static const char mod[] =
		"i INT i 4\n"
		"b STRUCT b 4 x:i@0\n"
		"p PTR b\n"
		"a STRUCT a 8 p:p@0\n";
	struct staged *s;

	(void)state;
	s = run("d FWD b struct\n"
		"pd PTR d\n"
		"ad STRUCT a 8 p:pd@0\n"
		"i INT i 4\n"
		"b STRUCT b 4 x:i@0\n"
		"p PTR b\n"
		"a STRUCT a 8 p:p@0\n", mod);
	assert_found(s, "b", "b");
	assert_found(s, "p", "p");
	assert_found(s, "a", "a");
}

static void match_enum_declaration(void **state)
{
	struct staged *s;

	(void)state;
	s = run(PAD "a STRUCT a 8 p:p@0\np PTR e\ne ENUM e 4 A=1\n",
		"a STRUCT a 8 p:p@0\np PTR e\ne ENUM e 4\n");
	assert_found(s, "a", "a");
	assert_found(s, "p", "p");
	assert_found(s, "e", "e");
	s = run(PAD "e ENUM64 e 8 A=0x100000000\n", "p PTR e\ne ENUM e 4\n");
	assert_found(s, "e", "e");
	s = run(PAD "e ENUM e 4\n", "p PTR e\ne ENUM e 4 A=1\n");
	assert_kept(s, "e");
	assert_kept(s, "p");
}

/* vmlinux holds some types twice; all modules have to take the same one. */
static void match_lowest_of_equal(void **state)
{
	struct staged *s;

	(void)state;
	s = run("i INT i 4\nj INT i 4\n"
		"p PTR a1\na1 STRUCT a 8 p:p@0\nq PTR a2\na2 STRUCT a 8 p:q@0\n"
		"only STRUCT only 8 p:q@0 i:j@64\n",
		"only STRUCT only 8 p:p@0 i:i@64\n"
		"a STRUCT a 8 p:p@0\np PTR a\ni INT i 4\n");
	assert_found(s, "i", "i");
	assert_found(s, "p", "p");
	assert_found(s, "a", "a1");
	assert_found(s, "only", "only");
}

/* Types that the module holds twice are kept once. */
static void match_equal_in_module(void **state)
{
	struct staged *s;

	(void)state;
	s = run(PAD, "i INT i 4\nj INT i 4\np PTR i\nq PTR j\n"
		"a STRUCT a 8 p:p@0\nb STRUCT a 8 p:q@0\n");
	assert_int_equal(s->nr_kept, 3);

	/* Only by what they refer to in the base are p and q the same. */
	s = run("b STRUCT b 4\na STRUCT a 8 p:p@0\np PTR b\n",
		"b STRUCT b 4\nd FWD b struct\nc STRUCT c 8 p:p@0\np PTR b\n"
		"e STRUCT c 8 p:q@0\nq PTR d\na STRUCT a 8 p:q@0\n");
	assert_found(s, "q", "p");
	assert_found(s, "d", "b");
	assert_int_equal(s->nr_kept, 1);
}

static void match_tags(void **state)
{
	static const char text[] =
		"i INT i 4\n"
		"user TYPE_TAG user i\n"
		"p PTR user\n"
		"s STRUCT s 8 p:p@0\n"
		"on_s DECL_TAG tag s -1\n"
		"on_member DECL_TAG tag s 0\n"
		"on_td DECL_TAG tag td -1\n"
		"td TYPEDEF td s\n"
		"f FUNC f proto 1\n"
		"proto PROTO void p:p\n"
		"on_arg DECL_TAG tag f 0\n";
	struct staged *s = run(text, text);

	(void)state;
	assert_int_equal(s->nr_kept, 0);
	/* A tag more or less does not change the struct. */
	s = run("i INT i 4\nuser TYPE_TAG user i\np PTR user\n"
		"s STRUCT s 8 p:p@0\n", text);
	assert_found(s, "s", "s");
	assert_kept(s, "on_s");
	assert_kept(s, "on_member");
	/* A tag in the type does. */
	s = run("i INT i 4\np PTR i\ns STRUCT s 8 p:p@0\n", text);
	assert_kept(s, "s");
}

/* Types deep inside anonymous types decide those around them. */
static void match_anonymous(void **state)
{
	static const char base[] =
		"i INT i 4\nj INT j 4\n"
		"in1 STRUCT - 4 x:i@0\nun1 UNION - 4 -:in1@0\n"
		"a STRUCT a 4 -:un1@0\n"
		"in2 STRUCT - 4 x:j@0\nun2 UNION - 4 -:in2@0\n"
		"b STRUCT b 4 -:un2@0\n";
	struct staged *s;

	(void)state;
	s = run(base, "i INT i 4\nin STRUCT - 4 x:i@0\nun UNION - 4 -:in@0\n"
		"a STRUCT a 4 -:un@0\nb STRUCT b 4 -:un@0\n");
	assert_found(s, "a", "a");
	assert_found(s, "un", "un1");
	assert_kept(s, "b");
}

/* Found as such, not declared: it has no tag to be looked up by. */
static void match_anonymous_empty_enum(void **state)
{
	(void)state;
	assert_found(run(PAD "e ENUM - 4\n", "e ENUM - 4\n"), "e", "e");
}

/* @label became a type of the base whose first reference became that of @ref. */
static void assert_refers(const struct staged *s, const char *label,
			  const char *ref)
{
	const struct model_type *t =
		&s->all->types[s->ids[model_id(s->mod, label)]];
	uint32_t to = s->ids[model_id(s->mod, ref)];

	if ((t->nr ? t->items[0].type : t->type) != to)
		fail_msg("%s does not refer to what %s became", label, ref);
}

#define TWO_FOO								\
	"i INT i 4\n"							\
	"foo1 STRUCT foo 4 x:i@0\n"					\
	"foo2 STRUCT foo 4 y:i@0\n"					\
	"p1 PTR foo1\n"							\
	"p2 PTR foo2\n"

/*
 * The base has both a and b twice, and they differ by a struct that the module only
 * declares. The lowest id of each would give an a that points to the other b: in the
 * module, a->b and struct b would be two types.
 */
static void match_chosen_together(void **state)
{
	struct staged *s;

	(void)state;
	s = run(TWO_FOO
		"b1 STRUCT b 8 p:p1@0\n"
		"b2 STRUCT b 8 p:p2@0\n"
		"pb1 PTR b1\n"
		"pb2 PTR b2\n"
		"a1 STRUCT a 8 b:pb2@0\n"
		"a2 STRUCT a 8 b:pb1@0\n",
		"foo FWD foo struct\n"
		"p PTR foo\n"
		"b STRUCT b 8 p:p@0\n"
		"pb PTR b\n"
		"a STRUCT a 8 b:pb@0\n"
		"f FUNC f proto 0\n"
		"proto PROTO void b:pb\n");
	assert_refers(s, "a", "pb");
	assert_refers(s, "pb", "b");
	assert_refers(s, "b", "p");
	assert_refers(s, "p", "foo");
}

/* An anonymous struct is part of the struct around it, and no choice of own. */
static void match_anonymous_with_its_struct(void **state)
{
	struct staged *s;

	(void)state;
	s = run(TWO_FOO
		"n1 STRUCT - 8 p:p1@0\n"
		"n2 STRUCT - 8 p:p2@0\n"
		"a STRUCT a 8 n:n2@0\n",
		"foo FWD foo struct\n"
		"p PTR foo\n"
		"n STRUCT - 8 p:p@0\n"
		"a STRUCT a 8 n:n@0\n"
		"f FUNC f proto 0\n"
		"proto PROTO void foo:p\n");
	assert_found(s, "a", "a");
	assert_found(s, "n", "n2");
	assert_found(s, "foo", "foo2");
}

/* y leaves no choice; with x there is one, and only one agrees with y. */
static void match_choices_agree(void **state)
{
	struct staged *s;

	(void)state;
	s = run(TWO_FOO
		"x1 STRUCT x 8 p:p1@0\n"
		"x2 STRUCT x 8 p:p2@0\n"
		"y STRUCT y 8 p:p2@0\n",
		"foo FWD foo struct\n"
		"p PTR foo\n"
		"x STRUCT x 8 p:p@0\n"
		"y STRUCT y 8 p:p@0\n");
	assert_found(s, "y", "y");
	assert_found(s, "x", "x2");
	assert_found(s, "foo", "foo2");
}

/*
 * A choice made on the way through a struct must not disturb the rest of the
 * way: c is reached after b, and f, of c alone, is the base's.
 */
static void match_choices_apart(void **state)
{
	struct staged *s;

	(void)state;
	s = run(TWO_FOO
		"b1 STRUCT b 8 p:p1@0\n"
		"b2 STRUCT b 8 p:p2@0\n"
		"c STRUCT c 4 i:i@0\n"
		"pb1 PTR b1\n"
		"pb2 PTR b2\n"
		"pc PTR c\n"
		"x STRUCT x 24 c:pc@0 b:pb2@64 d:pc@128\n"
		"f FUNC f proto 1\n"
		"proto PROTO void c:pc\n",
		"foo FWD foo struct\n"
		"p PTR foo\n"
		"b STRUCT b 8 p:p@0\n"
		"pb PTR b\n"
		"i INT i 4\n"
		"c STRUCT c 4 i:i@0\n"
		"pc PTR c\n"
		"x STRUCT x 24 c:pc@0 b:pb@64 d:pc@128\n"
		"f FUNC f proto 1\n"
		"proto PROTO void c:pc\n");
	assert_found(s, "x", "x");
	assert_found(s, "b", "b2");
	assert_found(s, "foo", "foo2");
	assert_found(s, "f", "f");
	assert_int_equal(s->nr_kept, 0);
}

/* The better a, found twice, takes what is around it along. */
static void match_definition_far_inside(void **state)
{
	static const char mod[] =
		"i INT i 4\n"
		"b STRUCT b 4 x:i@0\n"
		"p PTR b\n"
		"a STRUCT a 8 p:p@0\n"
		"n UNION - 8 p:p@0\n"
		"w STRUCT w 8 a:a@0\n"
		"v STRUCT v 8 -:n@0\n";
	struct staged *s;

	(void)state;
	s = run("d FWD b struct\n"
		"pd PTR d\n"
		"ad STRUCT a 8 p:pd@0\n"
		"nd UNION - 8 p:pd@0\n"
		"wd STRUCT w 8 a:ad@0\n"
		"vd STRUCT v 8 -:nd@0\n"
		"i INT i 4\n"
		"b STRUCT b 4 x:i@0\n"
		"p PTR b\n"
		"a STRUCT a 8 p:p@0\n"
		"n UNION - 8 p:p@0\n"
		"w STRUCT w 8 a:a@0\n"
		"v STRUCT v 8 -:n@0\n", mod);
	assert_found(s, "a", "a");
	assert_found(s, "n", "n");
	assert_found(s, "w", "w");
	assert_found(s, "v", "v");
}

/* Time must not be quadratic in the number of choices. */
static void match_many_choices(void **state)
{
	const uint32_t nr = 300;
	struct model *base = model_new(), *mod = model_new();
	struct staged s;
	uint32_t i, id;
	clock_t start;

	(void)state;
	for (i = 0; i < nr; i++) {
		id = model_add(base, BTF_KIND_STRUCT, "foo", i, 0);
		model_add(base, BTF_KIND_PTR, "", 0, id);
		id = model_add(base, BTF_KIND_STRUCT, "x", 8, 0);
		model_item(base, id, "p", id - 1, 0);
	}
	model_add(mod, BTF_KIND_FWD, "foo", 0, 0);
	model_add(mod, BTF_KIND_PTR, "", 0, 1);
	for (i = 0; i < nr; i++) {
		id = model_add(mod, BTF_KIND_STRUCT, "x", 8, 0);
		model_item(mod, id, "p", 2, 0);
	}
	start = clock();
	stage(&s, base, mod, false);
	assert_true(clock() - start < 3 * CLOCKS_PER_SEC);
	assert_int_equal(s.nr_kept, 0);
}

/* Both of x go when foo2 is chosen, for y, but for one: always the same. */
static void match_mixed_any_order(void **state)
{
	struct model *base = model_parse(TWO_FOO
		"k1 CONST foo1\nk2 CONST foo2\n"
		"q1 PTR k1\nq2 PTR k2\n"
		"x1 STRUCT x 16 p:p1@0 q:q2@64\n"
		"x2 STRUCT x 16 p:p2@0 q:q1@64\n"
		"v VOLATILE foo2\npv PTR v\n"
		"y STRUCT y 8 z:pv@0\n");
	struct model *mod = model_parse("foo FWD foo struct\np PTR foo\n"
		"k CONST foo\nq PTR k\n"
		"x STRUCT x 16 p:p@0 q:q@64\n"
		"v VOLATILE foo\npv PTR v\ny STRUCT y 8 z:pv@0\n");
	uint32_t seed = 1, n, x = 0, ids[16];
	struct staged s;

	(void)state;
	for (n = 0; n < 50; n++) {
		stage(&s, base, model_shuffle(mod, &seed, ids), false);
		assert_int_equal(s.ids[ids[model_id(mod, "y")]],
				 model_id(base, "y"));
		if (!n)
			x = s.ids[ids[model_id(mod, "x")]];
		assert_int_equal(s.ids[ids[model_id(mod, "x")]], x);
	}
}

/* @mod has the same types as @base, in whichever order, and keeps none. */
static void assert_all_found(const char *text)
{
	struct model *base = model_parse(text);
	uint32_t seed = 1, n;
	struct staged s;

	for (n = 0; n < 20; n++) {
		stage(&s, base, n ? model_shuffle(base, &seed, NULL) : base,
		      false);
		if (s.nr_kept)
			fail_msg("order %u: %u types kept of\n%s", n, s.nr_kept,
				 text);
	}
}

/*
 * The base has a declaration and one definition of a name. References to it in the
 * base decide which of them a module's declaration is.
 */
static void match_base_itself(void **state)
{
	static const char both[] =
		"i INT int 4\nd FWD a union\na UNION a 4 q:i@0\n"
		"s STRUCT a 4 q:i@0\n";

	(void)state;
	assert_all_found(build_text("%sp PTR d\n", both));
	assert_all_found(build_text("%sc CONST d\n", both));
	assert_all_found(build_text("%st TYPEDEF a d\n", both));
	assert_all_found(build_text("%sp PTR d\nq PTR a\n", both));
	assert_all_found(build_text("%sp PTR d\nq PTR a\nc CONST p\n", both));
	assert_all_found(build_text("%sp PROTO void d:d a:a\n", both));
	/* k is in two pairs; the typedef is in one. */
	assert_all_found(build_text("%sq PTR a\nk2 STRUCT k 8 p:q@0\n"
				    "p PTR d\nk1 STRUCT k 8 p:p@0\n"
				    "t TYPEDEF t d\n", both));
	/* The prototype is not in a pair with the other one. */
	assert_all_found("d FWD a struct\na STRUCT a 4\np PTR d\nq PTR a\n"
			 "f PROTO void x:p\ng PROTO void x:q\n"
			 "e ENUM e 4\nh ENUM e 4 A=1\n"
			 "r PROTO void x:h y:p\ns PROTO void x:e y:p\n"
			 "t CONST s\n");
}

/* If a pointer only fits the definition, a declaration is that. */
static void match_by_reference(void **state)
{
	struct staged *s;

	(void)state;
	s = run("d FWD a struct\na STRUCT a 4\np PTR a\n",
		"d FWD a struct\np PTR d\n");
	assert_found(s, "d", "a");
	assert_found(s, "p", "p");
	/* Of several definitions, too. */
	s = run(TWO_B "t TYPEDEF t p2\n",
		"b FWD b struct\np PTR b\nt TYPEDEF t p\n");
	assert_found(s, "b", "b2");
	assert_found(s, "t", "t");
	/* Not where the module has a definition, which it may mean. */
	s = run("i INT int 4\na STRUCT a 4 x:i@0\np PTR a\n",
		"d FWD a struct\np PTR d\ni INT int 4\na STRUCT a 4 y:i@0\n");
	assert_kept(s, "d");
	assert_kept(s, "p");
}

/*
 * Structs of one name that point to each other: which of the base's two is
 * which is not decided by the order of the module's.
 */
static void match_either_way_round(void **state)
{
	static const char *const texts[][2] = {
		{ "f FWD b struct\nx STRUCT b 16 p:y@0 q:f@64\n"
		  "y STRUCT b 16 p:f@0 q:f@64\n",
		  "f FWD b struct\nm STRUCT b 16 p:f@0 q:f@64\n"
		  "n STRUCT b 16 p:m@0 q:f@64\n" },
		{ "f FWD b struct\nx STRUCT b 8 p:y@0\ny STRUCT b 8 p:f@0\n",
		  "k STRUCT b 8 p:n@0\nm STRUCT b 8 p:k@0\nn STRUCT b 8 p:n@0\n" },
	};
	uint32_t ids[8], first[8] = { 0 }, seed = 1, n, i, id;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct model *base = model_parse(texts[i][0]);
		struct model *mod = model_parse(texts[i][1]);

		for (n = 0; n < 50; n++) {
			struct staged s;

			stage(&s, base, model_shuffle(mod, &seed, ids), false);
			for (id = 1; id <= mod->nr; id++) {
				if (!n)
					first[id] = s.ids[ids[id]];
				assert_int_equal(s.ids[ids[id]], first[id]);
			}
		}
	}
}

/* The order in which pahole happens to write the types decides nothing. */
static void match_any_order(void **state)
{
	struct model *base = model_parse(TWO_FOO RING
		"ax STRUCT ax 8 p:p2@0\n"
		"e ENUM e 4 A=1\n"
		"x1 STRUCT x 8 p:p1@0\nx2 STRUCT x 8 p:p2@0\n"
		"far STRUCT far 8 e:pe@0\npe PTR e\n"
		"k INT k 4\nl INT k 4\n"
		"d FWD d struct\npd PTR d\nud STRUCT ud 8 p:pd@0\n");
	struct model *mod = model_parse(RING
		"foo FWD foo struct\np PTR foo\nax STRUCT ax 8 p:p@0\n"
		"x STRUCT x 8 p:p@0\n"
		"e ENUM e 4\npe PTR e\nfar STRUCT far 8 e:pe@0\n"
		"own STRUCT own 16 p:p@0 e:pe@64\n"
		"pown PTR own\nf FUNC f proto 1\nproto PROTO pown t:ptask -:void\n"
		"i INT i 4\nk INT k 4\n"
		"q1 PTR own\ntwice1 TYPEDEF twice q1\n"
		"q2 PTR own\ntwice2 TYPEDEF twice q2\n"
		"d STRUCT d 4 x:i@0\npd PTR d\nud STRUCT ud 8 p:pd@0\n"
		"v VAR v pown 0\nsec DATASEC .data 8 :v@0/8\n");
	uint32_t seed = 11, n, id, *ids;
	struct staged first, s;

	(void)state;
	ids = build_alloc((mod->nr + 1) * sizeof(*ids));
	stage(&first, base, mod, false);
	for (n = 0; n < 200; n++) {
		stage(&s, base, model_shuffle(mod, &seed, ids), false);
		assert_int_equal(s.nr_kept, first.nr_kept);
		assert_int_equal(s.raw.size, first.raw.size);
		for (id = 1; id <= mod->nr; id++) {
			uint32_t was = first.ids[id], is = s.ids[ids[id]];

			if (was <= base->nr ? is != was : is <= base->nr)
				fail_msg("order %u: %s was %u, is %u", n,
					 mod->types[id].label, was, is);
		}
	}
}

#define TEST(name) cmocka_unit_test_teardown(name, build_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(match_each_kind),
		TEST(match_never_variables),
		TEST(match_changed_struct),
		TEST(match_recursive),
		TEST(match_declaration_in_module),
		TEST(match_ambiguous_declaration),
		TEST(match_declaration_and_own_definition),
		TEST(match_declaration_in_base),
		TEST(match_definition_over_declaration),
		TEST(match_enum_declaration),
		TEST(match_lowest_of_equal),
		TEST(match_equal_in_module),
		TEST(match_tags),
		TEST(match_anonymous),
		TEST(match_anonymous_empty_enum),
		TEST(match_chosen_together),
		TEST(match_anonymous_with_its_struct),
		TEST(match_choices_agree),
		TEST(match_choices_apart),
		TEST(match_definition_far_inside),
		TEST(match_many_choices),
		TEST(match_mixed_any_order),
		TEST(match_base_itself),
		TEST(match_by_reference),
		TEST(match_either_way_round),
		TEST(match_any_order),
	};

	return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
