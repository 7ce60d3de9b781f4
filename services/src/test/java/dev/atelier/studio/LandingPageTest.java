package dev.atelier.studio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.Fault;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LandingPageTest {
  private static String landing(String uri, AppKind kind) {
    return LandingPage.of(Optional.ofNullable(uri)).at(kind);
  }

  @Test
  void aUriNamesAPageOfAnAppAndNoneItsFirst() {
    assertThat(landing(null, AppKind.JUPYTER_SERVER)).isEqualTo("/jupyter/default/lab");
    assertThat(landing("studio::spaces", AppKind.JUPYTER_SERVER)).isEqualTo("/jupyter/default/lab");
    assertThat(landing("app:JupyterLab:", AppKind.JUPYTER_LAB)).isEqualTo("/jupyterlab/default/lab");
    assertThat(landing("app:JupyterLab:lab/tree/a%20b/c..d?reset", AppKind.JUPYTER_LAB))
        .isEqualTo("/jupyterlab/default/lab/tree/a%20b/c..d?reset");
    assertThat(LandingPage.of(Optional.of("app:CodeEditor:")).appType()).contains("CodeEditor");
  }

  @ParameterizedTest
  @ValueSource(strings = {"app:JupyterLab:/etc", "app:JupyterLab://evil.example", "app:JupyterLab:../api", "studio::..",
      "app:JupyterLab:lab/../../x", "app:JupyterLab:a\\b", "app:JupyterLab:a b", "app:JupyterLab:a\r\nSet-Cookie: x",
      "https://evil.example", "javascript:alert(1)", "", "app:Jupyter-Lab:x"})
  void otherUrisAreRefused(String uri) {
    assertThatThrownBy(() -> landing(uri, AppKind.JUPYTER_LAB)).isInstanceOfSatisfying(Fault.class,
        fault -> assertThat(fault.code()).isEqualTo("ValidationException"));
  }
}
