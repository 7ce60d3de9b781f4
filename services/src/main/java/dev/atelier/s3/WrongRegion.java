package dev.atelier.s3;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import dev.atelier.objects.Bucket;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The answers to a request that was signed for another region than its bucket's, from which clients learn where to go.
 * A signature for us-east-1 stands for the global endpoint, which knows all buckets and only rejects the signature; any
 * other is a request at another region's endpoint, which redirects. An unsigned request, or one of Version 2, names no
 * region.
 */
final class WrongRegion {
  private static final Region GLOBAL = new Region("us-east-1");

  private WrongRegion() {}

  /** @throws Fault AuthorizationHeaderMalformed or PermanentRedirect */
  static void check(Caller caller, Bucket bucket) {
    Region right = bucket.region();
    if (!caller.regional() || caller.region().equals(right)) {
      return;
    }
    Map<String, String> header = Map.of("x-amz-bucket-region", right.name());
    Map<String, Object> members = new LinkedHashMap<>();
    if (caller.region().equals(GLOBAL)) {
      members.put("Region", right.name());
      throw new Fault("AuthorizationHeaderMalformed", 400, "The authorization header is malformed; the region '"
          + caller.region().name() + "' is wrong; expecting '" + right.name() + "'", members).withHeaders(header);
    }
    members.put("Bucket", bucket.name());
    members.put("Endpoint", bucket.name() + ".s3." + right.name() + "." + right.partition().dnsSuffix());
    throw new Fault("PermanentRedirect", 301, "The bucket you are attempting to access must be addressed using the "
        + "specified endpoint. Please send all future requests to this endpoint.", members).withHeaders(header);
  }
}
