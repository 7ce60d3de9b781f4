package dev.atelier.server;

import java.util.Map;

/** The syntaxes in which settings are printed. Every value is quoted, so that nothing in it is ever run. */
enum EnvFormat {
  sh {
    @Override
    String line(String name, String value) {
      return value.isEmpty() ? "unset " + name : "export " + name + "='" + value.replace("'", "'\\''") + "'";
    }
  },
  fish {
    @Override
    String line(String name, String value) {
      return value.isEmpty() ? "set -e " + name
          : "set -gx " + name + " '" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
  },
  powershell {
    @Override
    String line(String name, String value) {
      return value.isEmpty() ? "Remove-Item -ErrorAction Ignore Env:" + name
          : "$Env:" + name + " = '" + value.replace("'", "''") + "'";
    }
  },
  dotenv {
    @Override
    String line(String name, String value) {
      return name + "=\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
  };

  /** The line that sets a variable, or removes it when the value is empty. */
  abstract String line(String name, String value);

  String render(Map<String, String> variables) {
    StringBuilder out = new StringBuilder();
    variables.forEach((name, value) -> out.append(line(name, value)).append('\n'));
    return out.toString();
  }
}
