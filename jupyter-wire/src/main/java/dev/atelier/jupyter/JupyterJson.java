package dev.atelier.jupyter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;

/** JSON as Jupyter has it, where an image or a page is one long text in a message or a notebook. */
public final class JupyterJson {
  private JupyterJson() {}

  /** A mapper whose texts are as long as what they came in, which is bounded before it is read. */
  public static ObjectMapper mapper() {
    return new ObjectMapper(JsonFactory.builder().streamReadConstraints(
        StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build()).build());
  }
}
