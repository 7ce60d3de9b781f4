package dev.atelier.studio.sharing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class SharedNotebookTest {
  private static final String TEXT = """
      {"metadata": {"instance_type": "ml.t3.medium", "widgets": {"state": 1}, "signature": "s",
        "kernelspec": {"name": "k", "display_name": "Python 3"}},
       "cells": [{"cell_type": "code", "metadata": {"trusted": true, "tags": ["a"]}, "outputs": [{"data": 1}],
         "execution_count": 4}, {"cell_type": "markdown", "metadata": {"trusted": true}, "source": "x"}, 7]}""";

  private static ObjectNode notebook() throws Exception {
    return (ObjectNode) new ObjectMapper().readTree(TEXT);
  }

  @Test
  void nothingClaimsTrust() throws Exception {
    ObjectNode shared = SharedNotebook.of(notebook(), true);
    assertThat(shared.toString()).doesNotContain("trusted").doesNotContain("signature").contains("\"tags\":[\"a\"]");
    assertThat(shared.path("cells").get(0).path("outputs")).hasSize(1);
    assertThat(shared.path("metadata").has("widgets")).isTrue();
  }

  @Test
  void outputsGoWithAllThatShowsThem() throws Exception {
    ObjectNode given = notebook();
    ObjectNode shared = SharedNotebook.of(given, false);
    assertThat(shared.path("cells").get(0).path("outputs")).isEmpty();
    assertThat(shared.path("cells").get(0).path("execution_count").isNull()).isTrue();
    assertThat(shared.path("metadata").has("widgets")).isFalse();
    assertThat(given).isEqualTo(notebook());
  }

  @Test
  void whatItAsksForIsTold() throws Exception {
    assertThat(SharedNotebook.instanceType(notebook())).contains("ml.t3.medium");
    assertThat(SharedNotebook.kernel(notebook())).contains("k");
    assertThat(SharedNotebook.kernelName(notebook())).contains("Python 3");
    assertThat(SharedNotebook.kernel((ObjectNode) new ObjectMapper().readTree("{}"))).isEmpty();
  }
}
