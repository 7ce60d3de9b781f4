package dev.atelier.server.apps;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** What a browser sees of an app that does not answer yet, or not any more. It looks again by itself. */
final class StartPage {
  private static final String PAGE = """
      <!doctype html><html lang="%s"><head><meta charset="utf-8"><meta http-equiv="refresh" content="%s">
      <meta name="viewport" content="width=device-width"><title>%s</title><style>
      :root{color-scheme:light dark}body{margin:0;display:grid;place-items:center;min-height:100vh;
      font:16px/1.5 system-ui,sans-serif;background:light-dark(#fff,#161d26);color:light-dark(#0f141a,#ebebf0)}
      main{max-width:36rem;padding:2rem;text-align:center}h1{font-size:1.5rem;margin:0 0 .5rem}p{margin:.25rem 0}
      .bar{height:4px;border-radius:2px;margin:1.5rem auto;width:16rem;background:light-dark(#d5e4e1,#24413d);
      overflow:hidden}.bar::after{content:"";display:block;height:100%%;width:40%%;border-radius:2px;
      background:light-dark(#0f766e,#5eead4);animation:go 1.4s ease-in-out infinite alternate}
      @keyframes go{to{transform:translateX(150%%)}}@media(prefers-reduced-motion:reduce){.bar::after{animation:none}}
      </style></head><body><main role="status"><h1>%s</h1>%s<p>%s</p></main></body></html>
      """;

  /**
   * What the page says in a language.
   *
   * @param phases of a start, by what they are in English; those that programs tell stay as they are
   */
  private record Words(String language, String starting, String start, String stopped, String stop,
      Map<String, String> phases) {}

  private static final Words ENGLISH = new Words("en", "Starting – Atelier", "Starting your app", "Stopped – Atelier",
      "This app does not run", Map.of());
  private static final Words CHINESE = new Words("zh-CN", "正在启动 – Atelier", "正在启动您的应用", "已停止 – Atelier",
      "此应用没有运行", Map.of("Waiting to be started", "等待启动", "Preparing the image", "正在准备镜像",
          "Starting JupyterLab", "正在启动 JupyterLab"));

  private StartPage() {}

  static void starting(Request request, Response response, Callback callback, String phase) {
    Words words = words(request);
    // no failure: browsers put those into their consoles
    page(request, response, callback, 202, PAGE.formatted(words.language(), "1", words.starting(), words.start(),
        "<div class=\"bar\"></div>", text(words.phases().getOrDefault(phase, phase))));
  }

  static void ended(Request request, Response response, Callback callback, String reason) {
    Words words = words(request);
    page(request, response, callback, 503, PAGE.formatted(words.language(), "15", words.stopped(), words.stop(), "",
        text(reason)));
  }

  /** In the language that the browser asks for first. */
  private static Words words(Request request) {
    String asked = String.valueOf(request.getHeaders().get("Accept-Language"));
    return asked.toLowerCase(Locale.ROOT).startsWith("zh") ? CHINESE : ENGLISH;
  }

  private static void page(Request request, Response response, Callback callback, int status, String html) {
    if (!"document".equals(request.getHeaders().get("Sec-Fetch-Dest"))
        && !String.valueOf(request.getHeaders().get("Accept")).contains("text/html")) {
      AppAnswers.text(response, callback, 503, "The app does not run yet.");
      return;
    }
    response.setStatus(status);
    response.getHeaders().put("Content-Type", "text/html;charset=utf-8");
    response.getHeaders().put("Cache-Control", "no-store");
    response.getHeaders().put("Retry-After", "1");
    response.getHeaders().put("Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    response.write(true, ByteBuffer.wrap(html.getBytes(StandardCharsets.UTF_8)), callback);
  }

  private static String text(String plain) {
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
  }
}
