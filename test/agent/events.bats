#!/usr/bin/env bats
# image/EVENTS.md is the reference of the log.
load helper

@test "every event of the code stands in EVENTS.md with its level and its fields, and no other" {
  node -e '
    const fs = require("fs"), assert = require("assert"), image = process.argv[1];
    const rows = new Map(fs.readFileSync(`${image}/EVENTS.md`, "utf8").split("\n").filter((l) => l.startsWith("| `"))
      .map((l) => l.split("|").map((c) => c.trim())).map(([, event, levels, fields]) => [event.replace(/`/g, ""), { levels, fields }]));
    const code = ["procdump-agent", "publisher", ...fs.readdirSync(`${image}/lib`).map((f) => `lib/${f}`)]
      .flatMap((f) => fs.readFileSync(`${image}/${f}`, "utf8").split("\n"));
    const seen = new Map();
    for (const line of code) {
      for (const [, rest] of line.matchAll(/(?<!_)\blog_event (?!\()([^;]*)/g)) {
        let last = "";
        const words = rest.replace(/\$\(\(.*?\)\)/g, "X").replace(/"(?:[^"$]|\$\{[^}]*\}|\$\w+|\$)*"/g, (q) => /^"(dump-\$2|\$level)"$/.test(q) ? q.slice(1, -1) : "X")
          .replace(/\x27[^\x27]*\x27/g, "X").trim().split(/\s+/);
        const [level, name, ...pairs] = words;
        for (const event of name === "dump-$2" ? ["dump-complete", "dump-incomplete"] : [name]) {
          const entry = seen.get(event) ?? { levels: new Set(), fields: new Set() };
          if (level !== "$level") entry.levels.add(level);
          pairs.filter((_, i) => i % 2 === 0).forEach((key) => entry.fields.add(key));
          seen.set(event, entry);
        }
      }
    }
    assert.deepStrictEqual([...seen.keys()].sort(), [...rows.keys()].sort());
    for (const [event, { levels, fields }] of seen) {
      const row = rows.get(event);
      assert.deepStrictEqual([...fields].sort(), [...row.fields.matchAll(/`(\w+)`/g)].map((m) => m[1]).sort(), event);
      for (const level of levels) assert(row.levels.includes(level), `${event}: ${level}`);
    }' "$IMAGE"
}
