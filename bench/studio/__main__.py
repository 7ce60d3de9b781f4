"""JupyterLab and kernels: how soon they are there, what the way to them costs, and what they take when idle."""

import os
import statistics
import threading
import time

from browser import PYTHON, Browser, Client, ready
from measuring.atelier import run
from server import wait_until

from .bare import Jupyter, kernel_times

OPEN_SECONDS, RUNNING_SECONDS, NEW_SECONDS = 5, 1.5, 4
ROUNDS, CELLS, WARM_CELLS = 5, 300, 1_000
MEGABYTES = 500
CHUNK = 1_000_000
# where the folder of a kernel's image lies on the machine
ENVIRONMENT = """mounts = [line.split() for line in open("/proc/self/mountinfo")]
print(next(mount[3] for mount in mounts if mount[4] == "/opt/atelier/environment"))"""
USERS, SHARE = 50, 0.6


class Studio:
    """The first domain, as its users have it."""

    def __init__(self, atelier):
        self.sagemaker = atelier.client("sagemaker")
        self.domain = self.sagemaker.list_domains()["Domains"][0]["DomainId"]
        self.settle("default")

    def settle(self, user):
        wait_until(lambda: self.sagemaker.describe_user_profile(DomainId=self.domain, UserProfileName=user)["Status"]
                   == "InService", "the profile is there")

    def open(self, user="default"):
        """A browser and the seconds until JupyterLab's page came."""
        url = self.sagemaker.create_presigned_domain_url(DomainId=self.domain, UserProfileName=user)["AuthorizedUrl"]
        begun = time.perf_counter()
        browser = Browser(url)
        browser.enter()
        while browser.ask("GET", "/jupyter/default/lab")[0].status != 200:
            time.sleep(0.02)
        return browser, time.perf_counter() - begun

    def close(self, kinds, user="default"):
        apps = [app for app in self.sagemaker.list_apps(DomainIdEquals=self.domain, UserProfileNameEquals=user)["Apps"]
                if app["AppType"] in kinds and app["Status"] not in ("Deleted", "Failed")]
        for app in apps:
            name = {"DomainId": self.domain, "UserProfileName": user, "AppType": app["AppType"], "AppName": app["AppName"]}
            self.sagemaker.delete_app(**name)
            wait_until(lambda: self.sagemaker.describe_app(**name)["Status"] == "Deleted", "the app is gone")


def start(browser, kernel_name=PYTHON):
    """A kernel and the seconds until it answered a cell."""
    begun = time.perf_counter()
    kernel = browser.own("POST", "/api/kernels", {"name": kernel_name})["id"]
    with Client(browser, kernel) as client:
        client.run("pass")
    return kernel, time.perf_counter() - begun


def opening(atelier, report):
    """From the presigned URL until JupyterLab's page is there; the image is built before."""
    studio = Studio(atelier)
    studio.open()
    times = []
    for _ in range(ROUNDS):
        studio.close(("JupyterServer",))
        times.append(studio.open()[1])
    report.below("presigned URL to JupyterLab, median", statistics.median(times), "s", OPEN_SECONDS)


def kernels(atelier, report):
    """From POST /api/kernels until a cell was answered, beside ipykernel alone; and what each cell costs more."""
    studio = Studio(atelier)
    browser, _ = studio.open()
    with Client(browser, start(browser)[0]) as client:
        environment = client.run(ENVIRONMENT).strip()
    bare_start, bare_cell = kernel_times(environment, ROUNDS, CELLS)
    on_running = [start(browser)[1] for _ in range(ROUNDS)]
    report.below("kernel on a running app, median", statistics.median(on_running), "s", RUNNING_SECONDS,
                 "ipykernel alone %.2f s" % bare_start, "%.2fx" % (statistics.median(on_running) / bare_start))
    on_new = []
    for _ in range(3):
        studio.close(("KernelGateway",))
        kernel, seconds = start(browser)
        on_new.append(seconds)
    report.below("kernel on a new app, median", statistics.median(on_new), "s", NEW_SECONDS)
    with Client(browser, kernel) as client:
        cells = []
        for _ in range(WARM_CELLS + CELLS):
            begun = time.perf_counter()
            client.answered(client.execute("pass", silent=True, store_history=False))
            cells.append(time.perf_counter() - begun)
    # a message there, and one back
    more = (statistics.median(cells[WARM_CELLS:]) - bare_cell) / 2 * 1_000
    report.below("message through the server, more than alone", more, "ms", 1,
                 "a cell alone %.2f ms" % (bare_cell * 1_000))


def output(atelier, report):
    """Output of one kernel as fast as it comes, counted; and how another kernel answers meanwhile."""
    studio = Studio(atelier)
    browser, _ = studio.open()
    loud, _ = start(browser)
    quiet, _ = start(browser)
    waits, done = [], threading.Event()

    def other():
        with Client(browser, quiet) as client:
            while not done.is_set():
                begun = time.perf_counter()
                client.answered(client.execute("pass", silent=True, store_history=False))
                waits.append(time.perf_counter() - begun)

    with Client(browser, loud) as client:
        client.run("from IPython.display import publish_display_data\nchunk = 'x' * %d" % CHUNK)
        thread = threading.Thread(target=other)
        thread.start()
        begun = time.perf_counter()
        asked = client.execute("for i in range(%d): publish_display_data({'text/plain': chunk})" % MEGABYTES)
        got = sum(len(each["content"]["data"]["text/plain"]) for each in client.answered(asked)
                  if each["msg_type"] == "display_data")
        seconds = time.perf_counter() - begun
        done.set()
        thread.join()
    if got != MEGABYTES * CHUNK:
        raise RuntimeError("%d bytes of %d came" % (got, MEGABYTES * CHUNK))
    report.above("output of one kernel, nothing lost", got / 1e6 / seconds, "MB/s", 100)
    report.below("another kernel's cell meanwhile, median", statistics.median(waits) * 1_000, "ms", 250)


def proxy(atelier, report):
    """A file of 200 MB through the way to apps, beside Jupyter's server asked directly."""
    studio = Studio(atelier)
    browser, _ = studio.open()
    ready(browser)
    kernel, _ = start(browser)
    with Client(browser, kernel) as client:
        client.run("open('large.bin', 'wb').write(bytes(200_000_000))")
    with Jupyter() as direct:
        direct.write("large.bin", 200_000_000)
        peer = max(direct.fetch("/files/large.bin") for _ in range(4))
    rates = []
    for _ in range(4):
        begun = time.perf_counter()
        answer, content = browser.ask("GET", "/jupyter/default/files/large.bin")
        if answer.status != 200 or len(content) != 200_000_000:
            raise RuntimeError("status %d, %d bytes" % (answer.status, len(content)))
        rates.append(len(content) / 1e6 / (time.perf_counter() - begun))
    report.ratio("download through the proxy", max(rates), "MB/s", "Jupyter directly", peer, max(rates) / peer, 0.7)


def idle(atelier, report):
    """Memory of users with two idle kernels each, ATELIER_BENCH_USERS of them (10), against 60 % of it for 50."""
    users = int(os.environ.get("ATELIER_BENCH_USERS", "10"))
    studio = Studio(atelier)
    for kind in ("JupyterServer", "KernelGateway"):
        studio.close((kind,))
    before = available()
    for number in range(users):
        user = "idle-%d" % number
        studio.sagemaker.create_user_profile(DomainId=studio.domain, UserProfileName=user)
        studio.settle(user)
        browser, _ = studio.open(user)
        for _ in range(2):
            start(browser)
    taken = (before - available()) / users
    total = int(next(line.split()[1] for line in open("/proc/meminfo") if line.startswith("MemTotal"))) / 1024
    report.below("memory per idle user, two kernels", taken, "MB", SHARE * total / USERS,
                 "%d users measured" % users, "%.0f%% for %d" % (100 * taken * USERS / total, USERS))
    for number in range(users):
        for kind in ("KernelGateway", "JupyterServer"):
            studio.close((kind,), "idle-%d" % number)


def available():
    """Memory that is left, in MB."""
    return int(next(line.split()[1] for line in open("/proc/meminfo") if line.startswith("MemAvailable"))) / 1024


PARTS = {"opening": opening, "kernels": kernels, "output": output, "proxy": proxy, "idle": idle}

if __name__ == "__main__":
    run("studio", PARTS)
