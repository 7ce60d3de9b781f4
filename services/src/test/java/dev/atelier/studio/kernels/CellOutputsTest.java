package dev.atelier.studio.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

final class CellOutputsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final CellOutputs.Room room = new CellOutputs.Room(1_000);
  private final CellOutputs outputs = new CellOutputs(room);

  private void take(String type, String content) throws Exception {
    outputs.take(type, JSON.readTree(content.replace('\'', '"')));
  }

  private String cell() throws Exception {
    ObjectNode cell = (ObjectNode) JSON.readTree("{\"cell_type\": \"code\", \"outputs\": [{\"old\": 1}]}");
    outputs.into(cell);
    return cell.toString().replace('"', '\'');
  }

  @Test
  void whatIsPrintedTogetherIsOneOutput() throws Exception {
    take("execute_input", "{'execution_count': 3}");
    take("stream", "{'name': 'stdout', 'text': 'a'}");
    take("stream", "{'name': 'stdout', 'text': 'b'}");
    take("stream", "{'name': 'stderr', 'text': 'c'}");
    take("status", "{'execution_state': 'idle'}");
    assertThat(cell()).isEqualTo("{'cell_type':'code','outputs':["
        + "{'output_type':'stream','name':'stdout','text':'ab'},"
        + "{'output_type':'stream','name':'stderr','text':'c'}],'execution_count':3}");
  }

  @Test
  void displaysAreUpdatedAndTheirIdsStayBehind() throws Exception {
    take("display_data", "{'data': {'text/plain': 'one'}, 'metadata': {}, 'transient': {'display_id': 'd'}}");
    take("execute_result", "{'data': {'text/plain': '7'}, 'metadata': {}, 'execution_count': 1}");
    take("update_display_data", "{'data': {'text/plain': 'two'}, 'metadata': {}, 'transient': {'display_id': 'd'}}");
    take("update_display_data", "{'data': {'text/plain': 'other'}, 'metadata': {}, 'transient': {'display_id': 'e'}}");
    assertThat(cell()).contains("[{'output_type':'display_data','data':{'text/plain':'two'},'metadata':{}},"
        + "{'output_type':'execute_result','data':{'text/plain':'7'},'metadata':{},'execution_count':1}]");
  }

  @Test
  void whatAnUpdateAddsTakesRoomAndWhatItSpareGivesRoom() throws Exception {
    take("display_data", "{'data': {'text/plain': 'one'}, 'metadata': {}, 'transient': {'display_id': 'd'}}");
    String update = "{'data': {'text/plain': '%s'}, 'metadata': {}, 'transient': {'display_id': 'd'}}";
    take("update_display_data", update.formatted("x".repeat(800)));
    take("update_display_data", update.formatted("two"));
    take("stream", "{'name': 'stdout', 'text': '%s'}".formatted("y".repeat(600)));
    take("update_display_data", update.formatted("z".repeat(800)));
    assertThat(cell()).contains("'two'").contains("yyy").doesNotContain("zzz").contains("characters of output are not kept");
  }

  @Test
  void clearingWaitsForWhatComesNextWhenAsked() throws Exception {
    take("stream", "{'name': 'stdout', 'text': '10 %'}");
    take("clear_output", "{'wait': true}");
    assertThat(cell()).contains("10 %");
    take("stream", "{'name': 'stdout', 'text': '20 %'}");
    assertThat(cell()).contains("20 %").doesNotContain("10 %");
    take("clear_output", "{'wait': false}");
    assertThat(cell()).contains("'outputs':[]");
    take("error", "{'ename': 'E', 'evalue': 'v', 'traceback': ['t']}");
    assertThat(cell()).contains("{'output_type':'error','ename':'E','evalue':'v','traceback':['t']}");
  }

  @Test
  void moreThanAFileCanBearIsCounted() throws Exception {
    CellOutputs before = new CellOutputs(room);
    before.take("stream", JSON.createObjectNode().put("name", "stdout").put("text", "y".repeat(500)));
    ObjectNode much = JSON.createObjectNode().put("name", "stdout").put("text", "x".repeat(200));
    for (int i = 0; i < 4; i++) {
      outputs.take("stream", much);
    }
    take("stream", "{'name': 'stdout', 'text': 'behind what is lost'}");
    assertThat(cell()).contains("x".repeat(400)).doesNotContain("x".repeat(401)).doesNotContain("behind")
        .contains("419 characters of output are not kept");
    before.take("clear_output", JSON.createObjectNode());
    outputs.take("clear_output", JSON.createObjectNode());
    outputs.take("stream", JSON.createObjectNode().put("name", "stdout").put("text", "z".repeat(1_000)));
    assertThat(cell()).contains("z".repeat(1_000)).doesNotContain("not kept");
  }
}
