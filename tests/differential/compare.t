#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The comparison of the differential tests finds every difference between two split BTFs,
# and ignores the order of types.

# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

need pahole bpftool
btf_compare_build
cd "$TMP" || exit

cat >base.h <<'END'
struct list { struct list *next, *prev; };
struct base { int a; struct list list; };
END
cat >base.c <<'END'
#include "base.h"
struct base base;
END
if ! gcc -g -c base.c || ! pahole_in_place base.o; then
	bail_out "the base is not encoded"
fi

# encode NAME: NAME.c against the base
encode()
{
	if ! gcc -g -Werror -c "$1.c" ||
	   ! pahole_in_place --btf_base base.o "$1.o"; then
		bail_out "$1 is not encoded"
	fi
}

cat >first.c <<'END'
#include "base.h"

enum colour { RED, GREEN = 5, BLUE };
enum wide { LOW, HIGH = 1ull << 40 };
typedef unsigned long number_t;
struct other;

struct inner {
	char c;
	unsigned bits : 3;
	unsigned more : 5;
};

union either {
	struct inner inner;
	number_t number;
	float real;
};

struct outer {
	struct base base;
	struct list list;
	union either either;
	enum colour colour;
	enum wide wide;
	const volatile int *restrict pointer;
	int array[4];
	struct other *other;
	struct outer *self;
	int (*call)(struct outer *outer, char letter);
};

struct apart {
	struct outer *outer;
};

int function(struct outer *outer, const char *name)
{
	return outer->colour + *name;
}

struct apart apart;
END
encode first

cp first.c again.c
encode again
ok "the same source is the same" ./btf_compare base.o first.o again.o

# Other order: the compiler describes what it meets first.
cat >ordered.c <<END
#include "base.h"

struct outer;
struct apart { struct outer *outer; };
struct apart apart;
$(sed '/^#include/d;/^struct apart/,/^}/d;/^struct apart apart/d;/^int function/,/^}/d' first.c)
int function(struct outer *outer, const char *name)
{
	return outer->colour + *name;
}
END
encode ordered
dump()
{
	bpftool -B base.o btf dump file "$1"
}
like "bpftool reads it" "$(dump ordered.o)" "STRUCT 'outer'"
negate [ "$(dump first.o)" = "$(dump ordered.o)" ]
result $? "another order is another order" </dev/null
ok "another order of the types is the same" \
	./btf_compare base.o first.o ordered.o

# differs NAME SED-SCRIPT: the change is seen, whichever comes first
differs()
{
	sed "$2" first.c >changed.c
	! cmp -s first.c changed.c || bail_out "nothing changed: $2"
	encode changed
	./btf_compare base.o first.o changed.o >out.txt
	is "$1: status 1" $? 1
	./btf_compare base.o changed.o first.o >out.txt
	is "$1: the other way round, status 1" $? 1
}

differs "a member's name" 's/char c;/char d;/'
differs "a member's type" 's/char c;/signed char c;/'
differs "a member more" 's/char c;/char c, d;/'
differs "a member less" '/int array\[4]/d'
differs "a member's offset, by order" \
	's/^\tstruct list list;$//; s/^\tunion either either;$/&\n\tstruct list list;/'
differs "a member's offset, by padding" \
	's/^\tenum colour colour;$/\tenum colour colour __attribute__((aligned(64)));/'
differs "a bitfield's width" 's/bits : 3/bits : 2/'
differs "an array's length" 's/array\[4]/array[5]/'
differs "an array's element" 's/int array/unsigned array/'
differs "const less" 's/const volatile/volatile/'
differs "restrict less" 's/\*restrict/*/'
differs "an enum's value" 's/GREEN = 5/GREEN = 4/'
differs "an enum's name" 's/BLUE/BLACK/'
differs "an enum's tag" 's/enum colour/enum paint/'
differs "a 64 bit enum's value" 's/1ull << 40/1ull << 41/'
differs "a struct's tag" 's/struct inner/struct within/'
differs "a union made a struct" 's/union either/struct either/'
differs "a typedef's name" 's/number_t/count_t/'
differs "a typedef's type" 's/typedef unsigned long/typedef unsigned int/'
differs "a floating point size" 's/float real/double real/'
differs "a declaration's name" 's/struct other/struct another/'
differs "a declaration that is defined" 's/^struct other;/struct other { int a; };/'
differs "a function's name" 's/^int function/int functional/'
differs "a function's result" 's/^int function/long function/'
differs "a function's parameter, by name" 's/\*name/*title/'
differs "a function's parameter, by type" 's/const char \*name/char *name/'
differs "a parameter more" 's/const char \*name)/const char *name, int n)/'
differs "a function pointer's parameter" 's/char letter/short letter/'
differs "a type deep down" 's/unsigned more : 5/int more : 5/'
differs "another type of the base" 's/^\tstruct list list;/\tstruct list *list[2];/'
differs "a type more" 's/^struct apart apart;/&\nstruct more { int a; } more;/'
differs "one's own struct for the base's" \
	's/#include "base\.h"/struct list { struct list *next, *last; };\nstruct base { int a; struct list list; };/'

echo nothing >bad
./btf_compare base.o first.o bad >out.txt 2>&1
is "a file that is none: status 2" $? 2
./btf_compare base.o first.o >out.txt 2>&1
is "a wrong number of files: status 2" $? 2

done_testing
