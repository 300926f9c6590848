#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Completions offer every command, every option, and the names of files.

# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

mkdir "$TMP/bin" "$TMP/files"
ln -s "$BTFSTAGE" "$TMP/bin/btfstage"
ln -s "$BTFINSPECT" "$TMP/bin/btfinspect"
ln -s "$ROOT/tools/apply/apply.sh" "$TMP/bin/btfstage-apply"
PATH=$TMP/bin:$PATH
: >"$TMP/files/only_one.ko"
cd "$TMP/files" || exit

words()
{
	tr -s ' ' '\n' | sed '/^$/d' | sort | tr '\n' ' '
}

# options_of PROGRAM COMMAND
options_of()
{
	"$1" "$2" --help | grep -oE '^ {2,6}(-[a-z], )?--[a-z-]+' |
	sed 's/.*--/--/' | words
}

commands_of()
{
	"$1" --help | sed -n 's/^  \([a-z-]*\)  .*/\1/p'
}

like "there are commands" "$(commands_of btfstage)" '^ko$'
like "and options" "$(options_of btfstage ko)" '--types '
like "there are those of the other" "$(commands_of btfinspect)" '^check$'

# --- bash: offered WORD... is what the function offers for the last of them
cat >"$TMP/offer.bash" <<'END'
source "$ROOT/tools/completion/btfstage.bash"
complete -p btfstage >/dev/null || exit
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
COMPREPLY=(stale)
_btfstage "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\n' "${COMPREPLY[@]}"
END
offered()
{
	bash --norc "$TMP/offer.bash" "$@" 2>&1 | words
}

if have bash; then
	for program in btfstage btfinspect; do
		is "bash: $program: first word" "$(offered $program '')" \
			"$(echo "$(commands_of $program) --help --version" | words)"
		for command in $(commands_of $program); do
			is "bash: options of $command" \
				"$(offered $program "$command" --)" \
				"$(options_of $program "$command")"
		done
	done
	is "bash: first word, begun" "$(offered btfstage k)" "ko "
	is "bash: option instead of a command" \
		"$(offered btfstage --v)" "--version "
	is "bash: an option, begun" "$(offered btfstage ko --ty)" "--types "
	is "bash: a file is left to bash" "$(offered btfstage ko only)" ""
	is "bash: no such command" "$(offered btfstage nosuch --)" ""
	# shellcheck disable=SC2088 # it is as it was typed
	is "bash: by another path" \
		"$(HOME=$TMP offered '~/bin/btfstage' ko --ty)" \
		"--types "
	is "bash: btfstage-apply: a command, begun" \
		"$(offered btfstage-apply a)" "apply "
	is "bash: btfstage-apply: an option" \
		"$(offered btfstage-apply patches --)" "--author "
	is "bash: btfstage-apply --auto: what it can do" \
		"$(offered btfstage-apply --auto '')" "off on status "
	is "bash: btfstage-apply --auto: an option" \
		"$(offered btfstage-apply --auto --s)" "--shadow "
	is "bash: the command is not there" "$(offered /none/btfstage k)" ""
else
	skip "bash" "no bash"
fi

# --- zsh: what a line is after the tab key
cat >"$TMP/type.zsh" <<'END'
zmodload zsh/zpty
zpty z "zsh -f -i"
setup='PS1= PS2= RPS1=; unsetopt zle_bracketed_paste 2>/dev/null
fpath=("$ROOT/tools/completion" $fpath)
autoload -U compinit; compinit -u -D
show() { print -r -- "LINE<$BUFFER>"; BUFFER=; zle accept-line }
zle -N show; bindkey "^X" show; bindkey "^I" complete-word
print READY:${_comps[btfstage]}:'
zpty -w z ${setup//$'\n'/; }
zpty -r z line '*READY:_btfstage:*' || exit
for text; do
	zpty -w -n z $text$'\t\x18'
	zpty -r z line '*LINE<*>*' || exit
	line=${line##*LINE<}
	print -r -- "[${line%%>*}]"
done
zpty -d z
END
# after TEXT...: the lines when tab has been pressed at the end of each
after()
{
	timeout 600 zsh -f "$TMP/type.zsh" "$@" </dev/null 2>&1
}

if have zsh; then
	is "zsh: a command" "$(after 'btfstage k')" "[btfstage ko ]"
	is "zsh: option instead of a command" \
		"$(after 'btfstage --v')" "[btfstage --version ]"
	for program in btfstage btfinspect; do
		for command in $(commands_of $program); do
			set --
			for option in $(options_of $program "$command"); do
				set -- "$@" "$program $command ${option%?}"
			done
			# no space when there is a longer one, too
			is "zsh: options of $command" \
				"$(after "$@" | sed 's/ ]$/]/')" \
				"$(for option in $(options_of $program "$command"); do
					echo "[$program $command $option]"
				   done)"
		done
	done
	is "zsh: btfstage-apply: a command" \
		"$(after 'btfstage-apply sh')" "[btfstage-apply shadow ]"
	is "zsh: btfstage-apply --auto: what it can do" \
		"$(after 'btfstage-apply --auto st')" "[btfstage-apply --auto status ]"
	is "zsh: a file" "$(after 'btfstage ko --base only')" \
		"[btfstage ko --base only_one.ko ]"
	is "zsh: a file behind =" "$(after 'btfstage ko --base=only')" \
		"[btfstage ko --base=only_one.ko ]"
else
	skip "zsh" "no zsh"
fi

done_testing
