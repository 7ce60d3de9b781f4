package dev.atelier.s3;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.models.s3.Owner;
import dev.atelier.objects.Bucket;
import dev.atelier.objects.ObjectStore;
import dev.atelier.objects.S3Fault;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Bucket owners as S3 names and checks them. */
final class Owners {
  private Owners() {}

  /**
   * The bucket, if it is in the region that the request was signed for and belongs to the account that it expects.
   *
   * @param expected x-amz-expected-bucket-owner; null when the request has none
   * @throws Fault NoSuchBucket, AccessDenied, and {@link WrongRegion}'s
   */
  static Bucket bucket(ObjectStore store, Caller caller, String name, String expected) {
    Bucket bucket = source(store, name, expected);
    WrongRegion.check(caller, bucket);
    return bucket;
  }

  /**
   * The bucket of a copy's source, which may be in any region.
   *
   * @param expected x-amz-source-expected-bucket-owner; null when the request has none
   */
  static Bucket source(ObjectStore store, String name, String expected) {
    if (expected != null && !expected.matches("\\d{12}")) {
      throw S3Fault.of("InvalidBucketOwnerAWSAccountID", 400,
          "The value of the expected bucket owner parameter must be an AWS Account ID... [" + expected + "]");
    }
    Bucket bucket = store.buckets().require(name);
    if (expected != null && !expected.equals(bucket.account().value())) {
      throw S3Fault.of("AccessDenied", 403, "Access Denied");
    }
    return bucket;
  }

  static Owner owner(AccountId account) {
    return Owner.builder().id(canonicalId(account)).build();
  }

  /** S3's second name of an account: 64 hexadecimal digits. */
  static String canonicalId(AccountId account) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256")
          .digest(("canonical user " + account.value()).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
