#!/usr/bin/env bats
# image/EVENTS.md is the reference of the log.

@test "every event of the code stands in EVENTS.md with its level and its fields, and no other" {
  node -e '
    const fs = require("fs"), assert = require("assert"), image = process.argv[1];
    const rows = new Map(fs.readFileSync(`${image}/EVENTS.md`, "utf8").split("\n").filter((l) => l.startsWith("| `"))
      .map((l) => l.split("|").map((c) => c.trim())).map(([, event, levels, fields]) => [event.replace(/`/g, ""), { levels, fields }]));
    const seen = new Map();
    const files = fs.readdirSync(`${image}/agent`, { recursive: true }).filter((f) => /(?<!_test)\.go$/.test(f) && !f.endsWith("event.go"));
    for (const file of files) {
      const code = fs.readFileSync(`${image}/agent/${file}`, "utf8").replace(/\n\s*/g, " ");
      for (const [, call, rest] of code.matchAll(/event\.(Info|Warn|Error|Log)\((.*?)\) (?=[a-z}\/])/g)) {
        const name = /^(?:level, )?"([a-z-]+)"/.exec(rest)[1];
        const fields = [...rest.matchAll(/event\.F\("(\w+)"/g)].map((m) => m[1]);
        for (const event of name === "dump-" ? ["dump-complete", "dump-incomplete"] : [name]) {
          const entry = seen.get(event) ?? { levels: new Set(), fields: new Set() };
          if (call !== "Log") entry.levels.add(call.toLowerCase());
          fields.forEach((key) => entry.fields.add(key));
          seen.set(event, entry);
        }
      }
    }
    assert.deepStrictEqual([...seen.keys()].sort(), [...rows.keys()].sort());
    for (const [event, { levels, fields }] of seen) {
      const row = rows.get(event);
      assert.deepStrictEqual([...fields].sort(), [...row.fields.matchAll(/`(\w+)`/g)].map((m) => m[1]).sort(), event);
      for (const level of levels) assert(row.levels.includes(level), `${event}: ${level}`);
    }' "$BATS_TEST_DIRNAME/../../image"
}
