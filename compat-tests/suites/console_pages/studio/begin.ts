import { ownAddress } from "../lab/repository";
import { Server } from "../tests/server";

/** Starts the one server of the walk, and ends it with all that runs on it. */
export default async function begin(): Promise<() => Promise<void>> {
  if (process.env.ATELIER_WALK) {
    return async () => {};
  }
  const address = ownAddress();
  const server = await Server.start(address ? { egressAllow: [address] } : {});
  process.env.ATELIER_WALK = JSON.stringify([server.data, server.address]);
  return () => server.stop();
}
