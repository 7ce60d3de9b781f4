package dev.atelier.identity;

import dev.atelier.identity.RecordStore.Entry;
import dev.atelier.identity.RecordStore.Kind;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.models.NoOutput;
import dev.atelier.models.iam.DeleteSSHPublicKeyRequest;
import dev.atelier.models.iam.DeleteServerCertificateRequest;
import dev.atelier.models.iam.DeleteSigningCertificateRequest;
import dev.atelier.models.iam.GetSSHPublicKeyRequest;
import dev.atelier.models.iam.GetSSHPublicKeyResponse;
import dev.atelier.models.iam.GetServerCertificateRequest;
import dev.atelier.models.iam.GetServerCertificateResponse;
import dev.atelier.models.iam.IamOperations;
import dev.atelier.models.iam.ListSSHPublicKeysRequest;
import dev.atelier.models.iam.ListSSHPublicKeysResponse;
import dev.atelier.models.iam.ListServerCertificatesRequest;
import dev.atelier.models.iam.ListServerCertificatesResponse;
import dev.atelier.models.iam.ListSigningCertificatesRequest;
import dev.atelier.models.iam.ListSigningCertificatesResponse;
import dev.atelier.models.iam.SSHPublicKey;
import dev.atelier.models.iam.SSHPublicKeyMetadata;
import dev.atelier.models.iam.ServerCertificate;
import dev.atelier.models.iam.ServerCertificateMetadata;
import dev.atelier.models.iam.SigningCertificate;
import dev.atelier.models.iam.Tag;
import dev.atelier.models.iam.UpdateSSHPublicKeyRequest;
import dev.atelier.models.iam.UpdateServerCertificateRequest;
import dev.atelier.models.iam.UpdateSigningCertificateRequest;
import dev.atelier.models.iam.UploadSSHPublicKeyRequest;
import dev.atelier.models.iam.UploadSSHPublicKeyResponse;
import dev.atelier.models.iam.UploadServerCertificateRequest;
import dev.atelier.models.iam.UploadServerCertificateResponse;
import dev.atelier.models.iam.UploadSigningCertificateRequest;
import dev.atelier.models.iam.UploadSigningCertificateResponse;
import dev.atelier.operation.OperationTable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The operations on server certificates, signing certificates and SSH keys. */
final class CertificateApi {
  private final Certificates certificates;
  private final IamWire wire;

  CertificateApi(Certificates certificates, IamWire wire) {
    this.certificates = certificates;
    this.wire = wire;
  }

  void register(OperationTable table) {
    table.on(IamOperations.uploadServerCertificate(), this::uploadServerCertificate)
        .on(IamOperations.getServerCertificate(), this::getServerCertificate)
        .on(IamOperations.listServerCertificates(), this::listServerCertificates)
        .on(IamOperations.updateServerCertificate(), this::updateServerCertificate)
        .on(IamOperations.deleteServerCertificate(), this::deleteServerCertificate)
        .on(IamOperations.uploadSigningCertificate(), this::uploadSigningCertificate)
        .on(IamOperations.listSigningCertificates(), this::listSigningCertificates)
        .on(IamOperations.updateSigningCertificate(), this::updateSigningCertificate)
        .on(IamOperations.deleteSigningCertificate(), this::deleteSigningCertificate)
        .on(IamOperations.uploadSSHPublicKey(), this::uploadSSHPublicKey)
        .on(IamOperations.getSSHPublicKey(), this::getSSHPublicKey)
        .on(IamOperations.listSSHPublicKeys(), this::listSSHPublicKeys)
        .on(IamOperations.updateSSHPublicKey(), this::updateSSHPublicKey)
        .on(IamOperations.deleteSSHPublicKey(), this::deleteSSHPublicKey);
  }

  UploadServerCertificateResponse uploadServerCertificate(Caller caller, UploadServerCertificateRequest request) {
    Entry<Certificates.Server> made = certificates.upload(caller.account(), request.serverCertificateName(),
        new Certificates.Server(IamWire.pathOr(request.path()), request.certificateBody(),
            request.certificateChain() == null ? "" : request.certificateChain(), request.privateKey(), 0),
        IamWire.asked(request.tags()));
    List<Tag> tags = wire.tags(made.id());
    return UploadServerCertificateResponse.builder()
        .serverCertificateMetadata(metadata(caller, made)).tags(tags.isEmpty() ? null : tags).build();
  }

  GetServerCertificateResponse getServerCertificate(Caller caller, GetServerCertificateRequest request) {
    Entry<Certificates.Server> found = certificates.server(caller.account(), request.serverCertificateName());
    List<Tag> tags = wire.tags(found.id());
    return GetServerCertificateResponse.builder()
        .serverCertificate(ServerCertificate.builder()
            .serverCertificateMetadata(metadata(caller, found))
            .certificateBody(found.value().body())
            .certificateChain(found.value().chain().isEmpty() ? null : found.value().chain())
            .tags(tags.isEmpty() ? null : tags)
            .build())
        .build();
  }

  ListServerCertificatesResponse listServerCertificates(Caller caller, ListServerCertificatesRequest request) {
    String prefix = IamWire.pathOr(request.pathPrefix());
    IamPage<Entry<Certificates.Server>> page = IamPage.of(certificates.servers(caller.account()).stream()
        .filter(each -> each.value().path().startsWith(prefix)).toList(), Entry::name, request.marker(), request.maxItems());
    return ListServerCertificatesResponse.builder()
        .serverCertificateMetadataList(page.items().stream().map(each -> metadata(caller, each)).toList())
        .isTruncated(page.truncated()).marker(page.markerOrNull()).build();
  }

  NoOutput updateServerCertificate(Caller caller, UpdateServerCertificateRequest request) {
    certificates.rename(caller.account(), request.serverCertificateName(),
        Optional.ofNullable(request.newServerCertificateName()), Optional.ofNullable(request.newPath()));
    return new NoOutput();
  }

  NoOutput deleteServerCertificate(Caller caller, DeleteServerCertificateRequest request) {
    certificates.deleteServer(caller.account(), request.serverCertificateName());
    return new NoOutput();
  }

  private static ServerCertificateMetadata metadata(Caller caller, Entry<Certificates.Server> entry) {
    return ServerCertificateMetadata.builder()
        .path(entry.value().path())
        .serverCertificateName(entry.name())
        .serverCertificateId(entry.id())
        .arn(Arn.global(caller.partition(), "iam", entry.account(),
            "server-certificate" + entry.value().path() + entry.name()).toString())
        .uploadDate(entry.createdAt())
        .expiration(Instant.ofEpochSecond(entry.value().expires()))
        .build();
  }

  UploadSigningCertificateResponse uploadSigningCertificate(Caller caller, UploadSigningCertificateRequest request) {
    return UploadSigningCertificateResponse.builder().certificate(signing(certificates.add(caller.account(),
        Kind.SIGNING_CERTIFICATE, UserApi.nameOr(caller, request.userName()), request.certificateBody()))).build();
  }

  ListSigningCertificatesResponse listSigningCertificates(Caller caller, ListSigningCertificatesRequest request) {
    IamPage<Entry<Certificates.Public>> page = IamPage.inOrder(certificates.of(caller.account(),
        Kind.SIGNING_CERTIFICATE, UserApi.nameOr(caller, request.userName())), request.marker(), request.maxItems());
    return ListSigningCertificatesResponse.builder()
        .certificates(page.items().stream().map(CertificateApi::signing).toList())
        .isTruncated(page.truncated()).marker(page.markerOrNull()).build();
  }

  NoOutput updateSigningCertificate(Caller caller, UpdateSigningCertificateRequest request) {
    certificates.setActive(caller.account(), Kind.SIGNING_CERTIFICATE, UserApi.nameOr(caller, request.userName()),
        request.certificateId(), request.status().equals("Active"));
    return new NoOutput();
  }

  NoOutput deleteSigningCertificate(Caller caller, DeleteSigningCertificateRequest request) {
    certificates.delete(caller.account(), Kind.SIGNING_CERTIFICATE, UserApi.nameOr(caller, request.userName()),
        request.certificateId());
    return new NoOutput();
  }

  private static SigningCertificate signing(Entry<Certificates.Public> entry) {
    return SigningCertificate.builder().userName(entry.owner()).certificateId(entry.id())
        .certificateBody(entry.value().body()).status(status(entry)).uploadDate(entry.createdAt()).build();
  }

  UploadSSHPublicKeyResponse uploadSSHPublicKey(Caller caller, UploadSSHPublicKeyRequest request) {
    return UploadSSHPublicKeyResponse.builder().sshPublicKey(ssh(certificates.add(caller.account(), Kind.SSH_KEY,
        request.userName(), request.sshPublicKeyBody()))).build();
  }

  GetSSHPublicKeyResponse getSSHPublicKey(Caller caller, GetSSHPublicKeyRequest request) {
    if (!request.encoding().equals("SSH")) {
      throw new Fault("UnrecognizedPublicKeyEncoding", 400, "Only the encoding SSH is offered.");
    }
    return GetSSHPublicKeyResponse.builder().sshPublicKey(ssh(certificates.require(caller.account(), Kind.SSH_KEY,
        request.userName(), request.sshPublicKeyId()))).build();
  }

  ListSSHPublicKeysResponse listSSHPublicKeys(Caller caller, ListSSHPublicKeysRequest request) {
    IamPage<Entry<Certificates.Public>> page = IamPage.inOrder(certificates.of(caller.account(), Kind.SSH_KEY,
        UserApi.nameOr(caller, request.userName())), request.marker(), request.maxItems());
    return ListSSHPublicKeysResponse.builder()
        .sshPublicKeys(page.items().stream().map(each -> SSHPublicKeyMetadata.builder().userName(each.owner())
            .sshPublicKeyId(each.id()).status(status(each)).uploadDate(each.createdAt()).build()).toList())
        .isTruncated(page.truncated()).marker(page.markerOrNull()).build();
  }

  NoOutput updateSSHPublicKey(Caller caller, UpdateSSHPublicKeyRequest request) {
    certificates.setActive(caller.account(), Kind.SSH_KEY, request.userName(), request.sshPublicKeyId(),
        request.status().equals("Active"));
    return new NoOutput();
  }

  NoOutput deleteSSHPublicKey(Caller caller, DeleteSSHPublicKeyRequest request) {
    certificates.delete(caller.account(), Kind.SSH_KEY, request.userName(), request.sshPublicKeyId());
    return new NoOutput();
  }

  private static SSHPublicKey ssh(Entry<Certificates.Public> entry) {
    return SSHPublicKey.builder().userName(entry.owner()).sshPublicKeyId(entry.id())
        .fingerprint(Certificates.fingerprint(entry.value().body())).sshPublicKeyBody(entry.value().body())
        .status(status(entry)).uploadDate(entry.createdAt()).build();
  }

  private static String status(Entry<Certificates.Public> entry) {
    return entry.value().active() ? "Active" : "Inactive";
  }
}
