# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# bash completion for btfstage, btfinspect and btfstage-apply
#
# Commands and options are those that --help shows, so that there is no list here
# to be kept. Where nothing is offered, bash completes the name of a file.

_btfstage()
{
	local tool=${1/#\~\//$HOME/}
	local cur=${COMP_WORDS[COMP_CWORD]}
	local words=

	if [[ $COMP_CWORD -eq 1 ]]; then
		words=$("$tool" --help 2>/dev/null | sed -nE '
			s/^  ([a-z-]+)  .*/\1/p
			s/^ +[a-z]+ (--[a-z]+) \| (--[a-z]+)$/\1 \2/p')
	elif [[ $cur == -* ]]; then
		words=$("$tool" "${COMP_WORDS[1]}" --help 2>/dev/null |
			sed -nE 's/^ {2,6}(-[a-z], )?(--[a-z-]+).*/\2/p')
	else
		words=$("$tool" "${COMP_WORDS[1]}" --help 2>/dev/null |
			sed -nE 's/^  ([a-z]+)  .*/\1/p')
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}

complete -o bashdefault -o default -F _btfstage btfstage btfinspect btfstage-apply
