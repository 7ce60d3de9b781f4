package dev.atelier.identity;

import dev.atelier.identity.RecordStore.Entry;
import dev.atelier.kernel.Caller;
import dev.atelier.models.NoOutput;
import dev.atelier.models.iam.CreateVirtualMFADeviceRequest;
import dev.atelier.models.iam.CreateVirtualMFADeviceResponse;
import dev.atelier.models.iam.DeactivateMFADeviceRequest;
import dev.atelier.models.iam.DeleteVirtualMFADeviceRequest;
import dev.atelier.models.iam.EnableMFADeviceRequest;
import dev.atelier.models.iam.GetMFADeviceRequest;
import dev.atelier.models.iam.GetMFADeviceResponse;
import dev.atelier.models.iam.IamOperations;
import dev.atelier.models.iam.ListMFADevicesRequest;
import dev.atelier.models.iam.ListMFADevicesResponse;
import dev.atelier.models.iam.ListVirtualMFADevicesRequest;
import dev.atelier.models.iam.ListVirtualMFADevicesResponse;
import dev.atelier.models.iam.MFADevice;
import dev.atelier.models.iam.ResyncMFADeviceRequest;
import dev.atelier.models.iam.Tag;
import dev.atelier.models.iam.VirtualMFADevice;
import dev.atelier.operation.OperationTable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** The operations on virtual MFA devices. */
final class MfaApi {
  private final MfaDevices devices;
  private final Users users;
  private final IamWire wire;

  MfaApi(MfaDevices devices, Users users, IamWire wire) {
    this.devices = devices;
    this.users = users;
    this.wire = wire;
  }

  void register(OperationTable table) {
    table.on(IamOperations.createVirtualMFADevice(), this::createVirtualMFADevice)
        .on(IamOperations.listVirtualMFADevices(), this::listVirtualMFADevices)
        .on(IamOperations.deleteVirtualMFADevice(), this::deleteVirtualMFADevice)
        .on(IamOperations.enableMFADevice(), this::enableMFADevice)
        .on(IamOperations.resyncMFADevice(), this::resyncMFADevice)
        .on(IamOperations.deactivateMFADevice(), this::deactivateMFADevice)
        .on(IamOperations.listMFADevices(), this::listMFADevices)
        .on(IamOperations.getMFADevice(), this::getMFADevice);
  }

  CreateVirtualMFADeviceResponse createVirtualMFADevice(Caller caller, CreateVirtualMFADeviceRequest request) {
    MfaDevices.NewDevice made = devices.create(caller.account(), request.virtualMFADeviceName(),
        IamWire.pathOr(request.path()), IamWire.asked(request.tags()));
    List<Tag> tags = wire.tags(made.device().id());
    return CreateVirtualMFADeviceResponse.builder()
        .virtualMFADevice(VirtualMFADevice.builder()
            .serialNumber(MfaDevices.serial(caller.partition(), made.device()))
            .base32StringSeed(made.base32Seed().getBytes(StandardCharsets.UTF_8))
            .tags(tags.isEmpty() ? null : tags)
            .build())
        .build();
  }

  ListVirtualMFADevicesResponse listVirtualMFADevices(Caller caller, ListVirtualMFADevicesRequest request) {
    String status = request.assignmentStatus() == null ? "Any" : request.assignmentStatus();
    IamPage<Entry<MfaDevices.Device>> page = IamPage.of(devices.list(caller.account()).stream()
        .filter(each -> status.equals("Any") || status.equals("Assigned") != each.owner().isEmpty()).toList(),
        Entry::name, request.marker(), request.maxItems());
    return ListVirtualMFADevicesResponse.builder()
        .virtualMFADevices(page.items().stream().map(each -> VirtualMFADevice.builder()
            .serialNumber(MfaDevices.serial(caller.partition(), each))
            .user(each.owner().isEmpty() ? null : IamWire.brief(caller, users.require(caller.account(), each.owner())))
            .enableDate(each.owner().isEmpty() ? null : Instant.ofEpochSecond(each.value().enabledAt()))
            .build()).toList())
        .isTruncated(page.truncated()).marker(page.markerOrNull()).build();
  }

  NoOutput deleteVirtualMFADevice(Caller caller, DeleteVirtualMFADeviceRequest request) {
    devices.delete(caller.account(), request.serialNumber());
    return new NoOutput();
  }

  NoOutput enableMFADevice(Caller caller, EnableMFADeviceRequest request) {
    devices.enable(caller.account(), request.userName(), request.serialNumber(), request.authenticationCode1(),
        request.authenticationCode2());
    return new NoOutput();
  }

  NoOutput resyncMFADevice(Caller caller, ResyncMFADeviceRequest request) {
    devices.resync(caller.account(), request.userName(), request.serialNumber(), request.authenticationCode1(),
        request.authenticationCode2());
    return new NoOutput();
  }

  NoOutput deactivateMFADevice(Caller caller, DeactivateMFADeviceRequest request) {
    devices.deactivate(caller.account(), UserApi.nameOr(caller, request.userName()), request.serialNumber());
    return new NoOutput();
  }

  ListMFADevicesResponse listMFADevices(Caller caller, ListMFADevicesRequest request) {
    User user = users.require(caller.account(), UserApi.nameOr(caller, request.userName()));
    IamPage<Entry<MfaDevices.Device>> page =
        IamPage.inOrder(devices.of(user), request.marker(), request.maxItems());
    return ListMFADevicesResponse.builder()
        .mfaDevices(page.items().stream().map(each -> MFADevice.builder()
            .userName(user.name())
            .serialNumber(MfaDevices.serial(caller.partition(), each))
            .enableDate(Instant.ofEpochSecond(each.value().enabledAt()))
            .build()).toList())
        .isTruncated(page.truncated()).marker(page.markerOrNull()).build();
  }

  GetMFADeviceResponse getMFADevice(Caller caller, GetMFADeviceRequest request) {
    Entry<MfaDevices.Device> device = devices.require(caller.account(), request.serialNumber());
    boolean assigned = !device.owner().isEmpty();
    return GetMFADeviceResponse.builder()
        .userName(assigned ? device.owner() : null)
        .serialNumber(MfaDevices.serial(caller.partition(), device))
        .enableDate(assigned ? Instant.ofEpochSecond(device.value().enabledAt()) : null)
        .build();
  }
}
