package dev.atelier.s3;

import dev.atelier.kernel.Fault;
import dev.atelier.objects.Encryption;
import dev.atelier.objects.ObjectAttributes;
import dev.atelier.objects.S3Fault;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What PutObject, CopyObject and CreateMultipartUpload say alike about an object, read from their documents by the
 * members' model names, and the headers that no operation here honours.
 */
final class Requests {
  private static final int MOST_METADATA = 2048;
  private static final Pattern REDIRECT = Pattern.compile("https?://|/");

  /** Content headers by the model's names of their members. */
  static final Map<String, String> CONTENT_HEADERS = Map.of(
      "CacheControl", "Cache-Control", "ContentDisposition", "Content-Disposition",
      "ContentEncoding", "Content-Encoding", "ContentLanguage", "Content-Language", "ContentType", "Content-Type",
      "Expires", "Expires", "WebsiteRedirectLocation", "x-amz-website-redirect-location");

  /** Those of general purpose buckets; kept as they are said, for all content is at hand at all times. */
  private static final Set<String> STORAGE_CLASSES = Set.of("STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA",
      "INTELLIGENT_TIERING", "GLACIER", "DEEP_ARCHIVE", "GLACIER_IR");
  private static final List<String> LOCKS =
      List.of("ObjectLockMode", "ObjectLockRetainUntilDate", "ObjectLockLegalHoldStatus");

  private Requests() {}

  /** @throws Fault for metadata that is too large, bad tags, and headers that are not honoured */
  static ObjectAttributes attributes(Map<String, Object> request, Optional<Encryption> encryption) {
    refuseUnhonoured(request);
    Map<String, String> headers = new LinkedHashMap<>();
    CONTENT_HEADERS.forEach((member, header) -> Optional.ofNullable(request.get(member)).map(Object::toString)
        .map(value -> member.equals("ContentEncoding") ? withoutFraming(value) : value)
        .filter(value -> !value.isEmpty()).ifPresent(value -> headers.put(header, value)));
    text(request, "WebsiteRedirectLocation").filter(place -> !REDIRECT.matcher(place).lookingAt()).ifPresent(place -> {
      throw S3Fault.of("InvalidRedirectLocation", 400,
          "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.");
    });
    return new ObjectAttributes(headers, metadata(request),
        text(request, "Tagging").map(Tags::ofHeader).orElse(Map.of()),
        storageClass(request), encryption);
  }

  private static String storageClass(Map<String, Object> request) {
    String stored = text(request, "StorageClass").orElse("STANDARD");
    if (!STORAGE_CLASSES.contains(stored)) {
      throw new Fault("InvalidStorageClass", 400, "The storage class you specified is not valid",
          Map.of("StorageClassRequested", stored));
    }
    return stored;
  }

  static void refuseUnhonoured(Map<String, Object> request) {
    if (LOCKS.stream().anyMatch(request::containsKey)) {
      throw S3Fault.invalidRequest("Bucket is missing Object Lock Configuration");
    }
    if (request.containsKey("WriteOffsetBytes")) {
      throw notImplemented();
    }
  }

  /** @param header the name of the header that is not honoured as it stands */
  static Fault notImplemented(String header) {
    return new Fault("NotImplemented", 501, "A header you provided implies functionality that is not implemented.",
        Map.of("Header", header));
  }

  static Fault notImplemented() {
    return S3Fault.of("NotImplemented", 501, "A header you provided implies functionality that is not implemented.");
  }

  static Optional<String> text(Map<String, Object> request, String member) {
    return Optional.ofNullable((String) request.get(member)).filter(value -> !value.isEmpty());
  }

  private static Map<String, String> metadata(Map<String, Object> request) {
    Map<String, String> metadata = new LinkedHashMap<>();
    if (request.get("Metadata") instanceof Map<?, ?> given) {
      given.forEach((name, value) -> metadata.put(name.toString(), HeaderWords.decode(value.toString())));
    }
    int size = metadata.entrySet().stream()
        .mapToInt(entry -> bytes(entry.getKey()) + bytes(entry.getValue())).sum();
    if (size > MOST_METADATA) {
      throw new Fault("MetadataTooLarge", 400, "Your metadata headers exceed the maximum allowed metadata size",
          Map.of("Size", Integer.toString(size), "MaxSizeAllowed", Integer.toString(MOST_METADATA)));
    }
    return metadata;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** {@code aws-chunked} is the framing of the request, not an encoding of the object. */
  private static String withoutFraming(String encodings) {
    if (!encodings.toLowerCase(Locale.ROOT).contains("aws-chunked")) {
      return encodings;
    }
    return Arrays.stream(encodings.split(",")).map(String::strip)
        .filter(encoding -> !encoding.equalsIgnoreCase("aws-chunked")).collect(Collectors.joining(","));
  }
}
