// usage: kusto-problems.cjs COLUMNS < a JSON list of queries: writes a list of messages for each query
require('@kusto/language-service-next/bridge.min.js');
require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
const { readFileSync } = require('fs');

const { Kusto: { Language: { GlobalState, KustoCode, Symbols } }, System } = globalThis;
const tables = new (System.Collections.Generic.List$1(Symbols.Symbol).ctor)();
tables.add(Symbols.TableSymbol.From(`(${process.argv[2]})`).WithName('StorageFileLogs'));
const workspace = new Symbols.DatabaseSymbol.$ctor3('workspace', null, tables, false);
const globals = GlobalState.Default.WithDatabase(workspace);

const problems = JSON.parse(readFileSync(0, 'utf8')).map((query) => {
  const found = KustoCode.ParseAndAnalyze(query, globals).GetDiagnostics();
  return Array.from({ length: found.Count }, (_, index) => found.getItem(index).Message);
});
process.stdout.write(JSON.stringify(problems));
