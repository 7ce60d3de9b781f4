package dev.atelier.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.Fault;
import dev.atelier.models.OperationModel;
import dev.atelier.models.ServiceModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests as botocore 1.43.67 sends them. */
class RestProtocolTest {
  private static final ServiceModel S3 = ServiceModel.load("s3");
  private static final RestProtocol XML = new RestProtocol(S3, RestProtocol.Format.XML);
  private static final RestRouter ROUTER = new RestRouter(S3);

  private static WireRequest request(String method, String target, Headers headers, String body) {
    int question = target.indexOf('?');
    return new WireRequest(method, question < 0 ? target : target.substring(0, question),
        question < 0 ? "" : target.substring(question + 1), headers, new ByteArrayInputStream(body.getBytes(UTF_8)),
        false, "");
  }

  private static Map<String, Object> decode(WireRequest request) {
    RestRouter.Match match = ROUTER.match(request, Optional.empty()).orElseThrow();
    return XML.decode(match.operation(), request, match.labels());
  }

  private static String text(WireResponse response) {
    return new String(((WireResponse.Bytes) response.body()).value(), UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
      "GET,/,,ListBuckets", "PUT,/b,,CreateBucket", "PUT,/b/,,CreateBucket", "HEAD,/b,,HeadBucket",
      "GET,/b,,ListObjects", "GET,/b?list-type=2&prefix=x,,ListObjectsV2", "GET,/b?location,,GetBucketLocation",
      "GET,/b?location=,,GetBucketLocation", "GET,/b?lifecycle,,GetBucketLifecycleConfiguration",
      "GET,/b?notification,,GetBucketNotificationConfiguration", "POST,/b?delete,,DeleteObjects",
      "GET,/b?analytics&id=1,,GetBucketAnalyticsConfiguration", "GET,/b?analytics,,ListBucketAnalyticsConfigurations",
      "PUT,/b/k,,PutObject", "PUT,/b/k?x-id=PutObject,,PutObject", "PUT,/b/k,x-amz-copy-source,CopyObject",
      "PUT,/b/k?partNumber=1&uploadId=u,,UploadPart",
      "PUT,/b/k?partNumber=1&uploadId=u,x-amz-copy-source,UploadPartCopy",
      "PUT,/b/k?tagging,,PutObjectTagging", "GET,/b/k,,GetObject", "GET,/b/k?uploadId=u,,ListParts",
      "GET,/b/k?attributes,x-amz-object-attributes,GetObjectAttributes", "GET,/b?uploads,,ListMultipartUploads",
      "POST,/b/k?uploads,,CreateMultipartUpload", "POST,/b/k?uploadId=u,,CompleteMultipartUpload",
      "DELETE,/b/k,,DeleteObject", "DELETE,/b/k?uploadId=u,,AbortMultipartUpload", "HEAD,/b/k,,HeadObject"})
  void routes(String method, String target, String header, String operation) {
    Headers headers = header == null ? new Headers() : Headers.of(header, "x");
    assertThat(ROUTER.match(request(method, target, headers, ""), Optional.empty()).orElseThrow().operation().name())
        .isEqualTo(operation);
  }

  @Test
  void keysAreBytesNotPaths() {
    WireRequest request = request("PUT", "/b/x//../%C3%A9%20y%252F+", new Headers(), "");
    assertThat(ROUTER.match(request, Optional.empty()).orElseThrow().labels())
        .isEqualTo(Map.of("Bucket", "b", "Key", "x//../é y%2F+"));
    assertThat(ROUTER.match(request("GET", "//k", new Headers(), ""), Optional.of("vb")).orElseThrow().labels())
        .isEqualTo(Map.of("Bucket", "vb", "Key", "/k"));
    assertThat(ROUTER.match(request("GET", "/?location", new Headers(), ""), Optional.of("vb")).orElseThrow()
        .operation().name()).isEqualTo("GetBucketLocation");
    assertThatThrownBy(() -> ROUTER.match(request("GET", "/b/%FF", new Headers(), ""), Optional.empty()))
        .isInstanceOf(Fault.class);
    assertThat(ROUTER.match(request("PATCH", "/b", new Headers(), ""), Optional.empty())).isEmpty();
  }

  @Test
  void headersAndStreams() throws IOException {
    Map<String, Object> put = decode(request("PUT", "/b/k", Headers.of("x-amz-meta-Colour", "red", "Content-Type",
        "text/plain", "x-amz-checksum-crc32", "NhCmhg==", "Content-Length", "5"), "hello"));
    assertThat(((InputStream) put.remove("Body")).readAllBytes()).isEqualTo("hello".getBytes(UTF_8));
    assertThat(put).isEqualTo(Map.of("Bucket", "b", "Key", "k", "Metadata", Map.of("colour", "red"), "ContentType",
        "text/plain", "ChecksumCRC32", "NhCmhg==", "ContentLength", 5L));
    assertThat(decode(request("GET", "/b/k", Headers.of("If-Modified-Since", "Fri, 02 Jan 2026 03:04:05 GMT", "Range",
        "bytes=0-1"), ""))).containsEntry("IfModifiedSince", Instant.parse("2026-01-02T03:04:05Z"));
    assertThat(decode(request("PUT", "/b/k?x-amz-storage-class=GLACIER", new Headers(), "")))
        .containsEntry("StorageClass", "GLACIER");
  }

  @Test
  void xmlBodies() {
    String delete = "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Object><Key>a&lt;b</Key></Object>"
        + "<Object><Key>c</Key><VersionId>v</VersionId></Object><Quiet>true</Quiet></Delete>";
    assertThat(decode(request("POST", "/b?delete", new Headers(), delete))).isEqualTo(Map.of("Bucket", "b", "Delete",
        Map.of("Objects", List.of(Map.of("Key", "a<b"), Map.of("Key", "c", "VersionId", "v")), "Quiet", true)));
    String acl = "<AccessControlPolicy xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><AccessControlList><Grant>"
        + "<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\"><ID>g</ID>"
        + "</Grantee><Permission>READ</Permission></Grant></AccessControlList><Owner><ID>o</ID></Owner>"
        + "</AccessControlPolicy>";
    assertThat(decode(request("PUT", "/b?acl", new Headers(), acl)).get("AccessControlPolicy")).isEqualTo(Map.of(
        "Owner", Map.of("ID", "o"), "Grants",
        List.of(Map.of("Grantee", Map.of("Type", "CanonicalUser", "ID", "g"), "Permission", "READ"))));
    String parts = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Part>"
        + "<ETag>\"e\"</ETag><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>";
    assertThat(decode(request("POST", "/b/k?uploadId=u", new Headers(), parts)).get("MultipartUpload"))
        .isEqualTo(Map.of("Parts", List.of(Map.of("ETag", "\"e\"", "PartNumber", 1))));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"<Delete>", "{}",
      "<!DOCTYPE d [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><Delete><Object><Key>&e;</Key></Object></Delete>",
      "<!DOCTYPE d [<!ENTITY a 'aa'><!ENTITY b '&a;&a;'>]><Delete><Object><Key>&b;</Key></Object></Delete>",
      "<Delete><Quiet>perhaps</Quiet></Delete>"})
  void hostileXmlIsMalformed(String body) {
    assertThatThrownBy(() -> decode(request("POST", "/b?delete", new Headers(), body)))
        .isInstanceOfSatisfying(Fault.class, fault -> assertThat(fault.code()).isEqualTo("MalformedXML"));
    String deep = "<a>".repeat(5000) + "</a>".repeat(5000);
    assertThatThrownBy(() -> decode(request("POST", "/b?delete", new Headers(), deep))).isInstanceOf(Fault.class);
  }

  @Test
  void everyXmlPayloadSurvivesTheWire() {
    long seed = 20261121;
    RandomDocuments documents = new RandomDocuments(new Random(seed), true);
    for (String name : S3.operationNames()) {
      OperationModel operation = S3.operation(name).orElseThrow();
      if (operation.deprecated()) {
        continue; // PutBucketNotification gives one element name to two members
      }
      operation.input().flatMap(shape -> shape.payload().map(shape.members()::get)).ifPresent(member -> {
        if (member.shape() instanceof dev.atelier.models.StructureShape shape) {
          for (int i = 0; i < 20; i++) {
            Map<String, Object> document = documents.of(shape);
            byte[] wire = new XmlWriter()
                .element("Root", shape, document, member.xmlNamespace(), Optional.empty()).bytes();
            assertThat(XmlReader.structure(shape, XmlElement.parse(wire))).as("%s seed %d", name, seed)
                .usingRecursiveComparison().isEqualTo(document);
          }
        }
      });
    }
  }

  @Test
  void answers() {
    OperationModel list = S3.operation("ListObjectsV2").orElseThrow();
    assertThat(text(XML.encode(list, Map.of("Name", "b", "KeyCount", 1, "Contents",
        List.of(Map.of("Key", "a&b", "LastModified", Instant.ofEpochMilli(1))), "CommonPrefixes",
        List.of(Map.of("Prefix", "p/"))), "r"))).endsWith(
        "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Contents><Key>a&amp;b</Key>"
        + "<LastModified>1970-01-01T00:00:00.001Z</LastModified></Contents><Name>b</Name>"
        + "<CommonPrefixes><Prefix>p/</Prefix></CommonPrefixes><KeyCount>1</KeyCount></ListBucketResult>");
    assertThat(text(XML.encode(S3.operation("GetBucketLocation").orElseThrow(),
        Map.of("LocationConstraint", "eu-west-1"), "r"))).endsWith(">eu-west-1</LocationConstraint>");
    WireResponse get = XML.encode(S3.operation("GetObject").orElseThrow(), Map.of("Body", InputStream.nullInputStream(),
        "ContentLength", 0L, "LastModified", Instant.ofEpochSecond(0), "Metadata", Map.of("m", "1\r\nX-Evil: 2")), "r");
    assertThat(((WireResponse.Stream) get.body()).length()).isEqualTo(OptionalLong.of(0));
    assertThat(get.headers().first("Last-Modified")).hasValue("Thu, 01 Jan 1970 00:00:00 GMT");
    assertThat(get.headers().first("x-amz-meta-m")).hasValue("1  X-Evil: 2");
    assertThat(get.headers().has("x-evil")).isFalse();
  }

  @Test
  void errors() {
    Fault missing = new Fault("NoSuchKey", 404, "The specified key does not exist.", Map.of("Key", "k"));
    assertThat(text(XML.error(missing, "r", Optional.empty()))).endsWith("<Error><Code>NoSuchKey</Code><Message>"
        + "The specified key does not exist.</Message><Key>k</Key><RequestId>r</RequestId><HostId>r</HostId></Error>");
    WireResponse head = XML.error(missing, "r", S3.operation("HeadObject"));
    assertThat(head.status()).isEqualTo(404);
    assertThat(text(head)).isEmpty();
  }

  @Test
  void restJson() throws IOException {
    ServiceModel features = ServiceModel.load("sagemaker-featurestore-runtime");
    WireRequest get = request("GET", "/FeatureGroup/fg?RecordIdentifierValueAsString=1%202&FeatureName=a&FeatureName=b",
        new Headers(), "");
    RestRouter.Match match = new RestRouter(features).match(get, Optional.empty()).orElseThrow();
    assertThat(match.operation().name()).isEqualTo("GetRecord");
    assertThat(new RestProtocol(features, RestProtocol.Format.JSON).decode(match.operation(), get, match.labels()))
        .isEqualTo(Map.of("FeatureGroupName", "fg", "RecordIdentifierValueAsString", "1 2", "FeatureNames",
            List.of("a", "b")));
    ServiceModel runtime = ServiceModel.load("sagemaker-runtime");
    RestProtocol json = new RestProtocol(runtime, RestProtocol.Format.JSON);
    WireRequest invoke = request("POST", "/endpoints/e/invocations",
        Headers.of("Content-Type", "text/csv", "X-Amzn-SageMaker-Custom-Attributes", "c"), "1,2");
    RestRouter.Match invoked = new RestRouter(runtime).match(invoke, Optional.empty()).orElseThrow();
    Map<String, Object> document = json.decode(invoked.operation(), invoke, invoked.labels());
    assertThat((byte[]) document.remove("Body")).isEqualTo("1,2".getBytes(UTF_8));
    assertThat(document).isEqualTo(Map.of("EndpointName", "e", "ContentType", "text/csv", "CustomAttributes", "c"));
    WireResponse failed = json.error(new Fault("ModelError", 424, "boom",
        Map.of("OriginalStatusCode", 500, "OriginalMessage", "m")), "r", Optional.of(invoked.operation()));
    assertThat(text(failed)).isEqualTo("{\"Message\":\"boom\",\"OriginalStatusCode\":500,\"OriginalMessage\":\"m\"}");
    assertThat(failed.headers().first("x-amzn-errortype")).hasValue("ModelError");
    WireResponse stream = json.encode(runtime.operation("InvokeEndpointWithResponseStream").orElseThrow(),
        Map.of("Body", List.of(Map.of("PayloadPart", Map.of("Bytes", "hi".getBytes(UTF_8))))), "r");
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    ((WireResponse.Events) stream.body()).writer().writeTo(sent);
    assertThat(sent.size()).isEqualTo(java.nio.ByteBuffer.wrap(sent.toByteArray()).getInt());
    assertThat(sent.toString(UTF_8)).contains(":event-type", "PayloadPart", "hi");
  }
}
