package dev.atelier.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.Fault;
import dev.atelier.models.ServiceModel;
import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms as botocore 1.43.67 sends them. */
class QueryProtocolTest {
  private static final ServiceModel IAM = ServiceModel.load("iam");
  private static final QueryProtocol QUERY = new QueryProtocol(IAM);

  private static Map<String, Object> decode(String operation, String body) {
    return QUERY.decode(IAM.operation(operation).orElseThrow(), new WireRequest("POST", "/", "", new Headers(),
        new ByteArrayInputStream(body.getBytes(UTF_8)), false, ""), Map.of());
  }

  private static String text(WireResponse response) {
    return new String(((WireResponse.Bytes) response.body()).value(), UTF_8);
  }

  @Test
  void structuresInLists() {
    String body = "Action=CreateRole&Version=2010-05-08&RoleName=R"
        + "&AssumeRolePolicyDocument=%7B%22a%22%3A+%22b%26c%22%7D"
        + "&Tags.member.1.Key=k&Tags.member.1.Value=v+1&Tags.member.2.Key=l&Tags.member.2.Value=";
    assertThat(decode("CreateRole", body)).isEqualTo(Map.of("RoleName", "R", "AssumeRolePolicyDocument",
        "{\"a\": \"b&c\"}", "Tags", List.of(Map.of("Key", "k", "Value", "v 1"), Map.of("Key", "l", "Value", ""))));
  }

  @Test
  void emptyListsAndOrderOfNumbers() {
    String body = "ActionNames.member.10=c&ActionNames.member.2=b&ActionNames.member.1=a&ResourceArns=";
    assertThat(decode("SimulatePrincipalPolicy", body))
        .isEqualTo(Map.of("ActionNames", List.of("a", "b", "c"), "ResourceArns", List.of()));
  }

  @Test
  void actionIsKnownBeforeTheRest() {
    QueryProtocol.Form form = QUERY.form(new WireRequest("POST", "/", "", new Headers(),
        new ByteArrayInputStream("Action=GetRole&Version=2010-05-08&RoleName=R".getBytes(UTF_8)), false, ""));
    assertThat(form.action()).hasValue("GetRole");
    assertThat(form.version()).hasValue("2010-05-08");
  }

  @Test
  void wrongTypesAreRefused() {
    assertThatThrownBy(() -> decode("CreateRole", "MaxSessionDuration=soon")).isInstanceOf(Fault.class)
        .hasMessage("'soon' is not a valid integer");
    assertThatThrownBy(() -> decode("CreateRole", "RoleName.a=1")).isInstanceOf(Fault.class);
    assertThatThrownBy(() -> decode("CreateRole", "a.".repeat(500) + "b=1")).isInstanceOf(Fault.class);
  }

  @Test
  void answersAreWrapped() {
    Map<String, Object> role = Map.of("Role", Map.of("RoleName", "R<", "CreateDate", Instant.ofEpochSecond(0),
        "Tags", List.of(Map.of("Key", "k", "Value", "v"))));
    assertThat(text(QUERY.encode(IAM.operation("GetRole").orElseThrow(), role, "id"))).isEqualTo(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        + "<GetRoleResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><GetRoleResult><Role>"
        + "<RoleName>R&lt;</RoleName><CreateDate>1970-01-01T00:00:00Z</CreateDate>"
        + "<Tags><member><Key>k</Key><Value>v</Value></member></Tags></Role></GetRoleResult>"
        + "<ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></GetRoleResponse>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"iam", "sts", "cloudwatch"})
  void everyAnswerSurvivesTheWire(String service) {
    long seed = 20261121;
    RandomDocuments documents = new RandomDocuments(new Random(seed), true);
    ServiceModel model = ServiceModel.load(service);
    for (String name : model.operationNames()) {
      model.operation(name).orElseThrow().output().ifPresent(shape -> {
        for (int i = 0; i < 5; i++) {
          Map<String, Object> document = documents.of(shape);
          byte[] wire = new XmlWriter().open("R", Optional.empty()).members(shape, document).close("R").bytes();
          assertThat(XmlReader.structure(shape, XmlElement.parse(wire))).as("%s seed %d", name, seed)
              .usingRecursiveComparison().isEqualTo(document);
        }
      });
    }
  }

  @Test
  void errorsNameTheSender() {
    assertThat(text(QUERY.error(new Fault("NoSuchEntity", 404, "gone"), "id", Optional.empty()))).endsWith(
        "<Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>gone</Message></Error>"
        + "<RequestId>id</RequestId></ErrorResponse>");
  }
}
