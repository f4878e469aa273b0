#!/usr/bin/env bash
# The reference implementation of Boutiques 0.5 (boutiques 0.5.33, `bosh exec simulate`, the same checks as `launch`), with a descriptor that
# `bosh validate` accepts:
# 1. makes a command line although a value's value-requires names an input that is not given;
# 2. makes one although a value's value-disables names an input that is given;
# 3. makes one although only one member of an all-or-none group is given;
# 4. of a conditional-path-template "a or b", takes the default when b has no value, although a has one.
# It does refuse what requires-inputs and disables-inputs forbid.
# Needs Python 3.11 and PyPI. Exits 0 while it behaves so.
. "$(dirname "$0")/common/tools.sh"
pypi boutiques==0.5.33
bosh=$work/venv/bin/bosh
cd "$work"
cat >tool.json <<'JSON'
{
  "schema-version": "0.5", "name": "tool", "tool-version": "1", "description": "d",
  "command-line": "tool [MODE] [MASK] [LEFT] [RIGHT] [A] [B] [NEEDS] [OUT]",
  "inputs": [
    {"id": "mode", "name": "m", "type": "String", "value-key": "[MODE]", "value-choices": ["masked", "plain"], "optional": true,
     "value-requires": {"masked": ["mask"], "plain": []}, "value-disables": {"masked": [], "plain": ["mask"]}},
    {"id": "mask", "name": "k", "type": "File", "value-key": "[MASK]", "optional": true},
    {"id": "left", "name": "l", "type": "String", "value-key": "[LEFT]", "optional": true},
    {"id": "right", "name": "r", "type": "String", "value-key": "[RIGHT]", "optional": true},
    {"id": "a", "name": "a", "type": "Number", "value-key": "[A]", "optional": true},
    {"id": "b", "name": "b", "type": "Number", "value-key": "[B]", "optional": true},
    {"id": "needs", "name": "n", "type": "String", "value-key": "[NEEDS]", "optional": true, "requires-inputs": ["a"]}
  ],
  "groups": [{"id": "both", "name": "both or none", "members": ["left", "right"], "all-or-none": true}],
  "output-files": [
    {"id": "out", "name": "o", "optional": false, "value-key": "[OUT]",
     "conditional-path-template": [{"a or b": "either.txt"}, {"default": "default.txt"}]}
  ]
}
JSON
"$bosh" version
expect "descriptor valid" OK "$("$bosh" validate tool.json 2>&1 | tail -1)"

command() {
  echo "$1" >invocation.json
  if "$bosh" exec simulate --skip-data-collection tool.json -i invocation.json >printed.txt 2>&1; then tail -1 printed.txt; else echo refused; fi
}

expect "value-requires broken" "tool masked default.txt" "$(command '{"mode": "masked"}')"
expect "value-disables broken" "tool plain mask.nii default.txt" "$(command '{"mode": "plain", "mask": "mask.nii"}')"
expect "half of an all-or-none group" "tool x default.txt" "$(command '{"left": "x"}')"
expect "requires-inputs broken" refused "$(command '{"needs": "x"}')"
expect "a or b, both given" "tool 1 2 either.txt" "$(command '{"a": 1, "b": 2}')"
expect "a or b, b not given" "tool 1 default.txt" "$(command '{"a": 1}')"
exit "$failed"
