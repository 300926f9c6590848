#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# docs/troubleshooting.md has every message of the sources, and no other
#
# A documented message is in backquotes at the start of a list item or table row, with words
# in capitals for inserted text.

# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

here=$ROOT/tests/docs
page=$ROOT/docs/troubleshooting.md

# compare missing ROOT: print messages of these sources that are not in the page
# compare stale ROOT: print messages in the page that are not in the sources
compare()
{
	perl "$here/messages.pl" "$2" >"$TMP/messages" 2>"$TMP/warnings" || return
	perl - "$1" "$TMP/messages" "$page" <<-'END'
	use strict;
	use warnings;
	my ($mode, $messages, $page) = @ARGV;
	my (%wanted, @written);

	open(my $f, '<', $messages) or die "$messages: $!\n";
	while (<$f>) {
		chomp;
		my ($file, $text) = split /\t/;
		# what is put in is shown by a word in capitals
		my $re = join '(?:[A-Z][A-Z0-9]*|%)', map quotemeta, split /%/, $text, -1;
		$wanted{"$text ($file)"} = qr/^$re$/;
	}
	open(my $p, '<', $page) or die "$page: $!\n";
	while (<$p>) {
		push @written, $1 if /^(?:\* |\| )`([^`]+)`/ && !/^\| `NO BTF  NAME/;
	}
	die "no messages\n" unless %wanted && @written;
	if ($mode eq 'missing') {
		for my $message (sort keys %wanted) {
			print "$message\n" unless grep /$wanted{$message}/, @written;
		}
	} else {
		for my $text (@written) {
			print "$text\n" unless grep { $text =~ $_ } values %wanted;
		}
	}
	END
}

is "messages that are not documented" "$(compare missing "$ROOT" 2>&1)" ''
is "what is documented and is no message" "$(compare stale "$ROOT" 2>&1)" ''
is "the sources are understood" "$(cat "$TMP/warnings")" ''

# --- All kinds of messages are found: each of these is new.
new()
{
	rm -rf "$TMP/src"
	mkdir -p "$TMP/src/tools" "$TMP/src/tests"
	if ! { cp -R "$ROOT/tools/btfstage" "$ROOT/tools/btfinspect" "$ROOT/tools/apply" \
			"$ROOT/tools/dist" "$TMP/src/tools" &&
	       cp "$ROOT/tests/install-packages.sh" "$TMP/src/tests" &&
	       cp -R "$ROOT/scripts" "$ROOT/Makefile" "$TMP/src"; }; then
		bail_out "the sources cannot be copied"
	fi
	printf '%s\n' "$3" >>"$TMP/src/$2"
	is "found: $1" "$(compare missing "$TMP/src" | grep -xF "$4 ($2)")" "$4 ($2)"
}
# shellcheck disable=SC2016 # what is for make, awk and sh
{
new "an error" tools/btfstage/btf/btf.c \
	'int f(void) { return err_set(err, p, "is quite %u" " wrong", 1); }' \
	'is quite % wrong'
new "one of two" tools/btfstage/btf/btf.c \
	'int f(void) { return err_set(err, p, x ? "is green" : "is not BTF"); }' \
	'is green'
new "a function like printf" tools/btfinspect/check/check_refs.c \
	'void f(void) { warn(c, id, "is odd at " NAME, 1); }' 'is odd at %'
new "a new function like printf" tools/btfinspect/check/check_refs.c \
	'static void __printf(1, 2) tell(const char *fmt, ...);
	void f(void) { tell("is strange"); }' 'is strange'
new "standard error" tools/btfstage/main.c \
	'void f(void) { fprintf(stderr, "btfstage: %s: oh no\n", s); }' 'oh no'
new "a word that is put in" tools/btfinspect/check/check_types.c \
	'void f(void) { what = "is elsewhere"; }' 'is elsewhere'
new "awk refuses" tools/apply/modfinal.awk \
	'function f() { refuse(i, "no such thing as " s ", sorry") }' \
	'no such thing as %, sorry'
new "apply dies" tools/apply/tree.sh \
	'f() { die "$kernel/$file: is $(cat "a b")" \
		"tired"; }' 'is % tired'
new "no BTF" scripts/Makefile.modfinal \
	'no-btf := $(or $(no-btf),$(if $(X),,$(X), for once, is too new))' \
	'%, for once, is too new'
new "make's error" Makefile 'x = $(if $(Y),,$(error $@ needs rest))' '% needs rest'
}

done_testing
