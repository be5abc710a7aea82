"""The browser's own EventSource, as pages with code cells use it, and the real package of one."""

NATIVE = """([base, spec]) => new Promise((resolve) => {
    const source = new EventSource(`${base}build/${spec}`);
    const events = [], opened = [];
    source.onopen = () => opened.push(Date.now());
    const end = (fault) => { source.close(); resolve({ events, fault, opened: opened.length }); };
    source.onerror = () => end("connection lost");
    source.onmessage = (message) => {
        const event = JSON.parse(message.data);
        events.push(event);
        if (event.phase === "ready" || event.phase === "failed") end(null);
    };
})"""

# A script that joins again by fetch sends Last-Event-ID itself, which a browser asks permission for.
JOIN_AGAIN = """async ([base, spec]) => {
    const ask = (headers) => fetch(`${base}build/${spec}`, { headers: { Accept: "text/event-stream", ...headers } });
    const read = async (answer, until) => {
        const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
        let text = "";
        while (!until(text)) {
            const { value, done } = await reader.read();
            if (done) break;
            text += value;
        }
        await reader.cancel();
        return text;
    };
    const first = await read(await ask({}), (text) => text.includes("launching"));
    const id = [...first.matchAll(/^id: (.+)$/gm)].pop()[1];
    return read(await ask({ "Last-Event-ID": id }), (text) => text.includes('"ready"'));
}"""

THEBE = """async ([binderUrl, repo, repoProvider]) => {
    const { api } = window.thebeCore;
    const config = api.makeConfiguration({
        binderOptions: { binderUrl, repo, ref: "HEAD", repoProvider },
        savedSessionOptions: { enabled: false },
        kernelOptions: { kernelName: "python3" },
    });
    const server = api.connectToBinder(config);
    try {
        await server.ready;
    } catch (why) {
        return { failed: String(why) };
    }
    const notebook = api.setupNotebookFromBlocks(
        [{ id: "one", source: "print(6 * 7)" }], config, api.makeRenderMimeRegistry());
    const session = await server.startNewSession(notebook.rendermime);
    notebook.attachSession(session);
    const future = session.kernel.requestExecute({ code: "print(6 * 7)" });
    let text = "";
    future.onIOPub = (message) => { text += message.content.text || ""; };
    await future.done;
    await session.shutdown();
    return { text, address: server.userServerUrl };
}"""


def test_a_launch_from_a_page_of_another_origin(binder, cached, page, foreign_page):
    page.goto(foreign_page)
    told = page.evaluate(NATIVE, [binder.url, cached])
    assert told["fault"] is None and told["opened"] == 1, told
    assert told["events"][-1]["phase"] == "ready"
    assert told["events"][-1]["token"] and told["events"][-1]["url"].endswith("/")


def test_a_failed_build_is_told_without_an_error_of_the_connection(binder, failing, page, foreign_page):
    spec, words = failing
    page.goto(foreign_page)
    told = page.evaluate(NATIVE, [binder.url, spec])
    assert told["fault"] is None and told["events"][-1]["phase"] == "failed", told
    assert any(words in event["message"] for event in told["events"])


def test_a_script_of_another_origin_joins_a_stream_again(binder, cached, page, foreign_page):
    page.goto(foreign_page)
    rest = page.evaluate(JOIN_AGAIN, [binder.url, cached])
    assert '"ready"' in rest and '"built"' not in rest, rest


def test_thebe_launches_and_computes(binder, repository, cached, page, foreign_page):
    page.goto(foreign_page)
    page.add_script_tag(url="/thebe/thebe-core.min.js")
    page.wait_for_function("window.thebeCore !== undefined")
    told = page.evaluate(THEBE, [binder.url, "alice/notebooks", "github"])
    assert told.get("text") == "42\n", told
    # Its git links carry the repository's whole address, escaped.
    told = page.evaluate(THEBE, [binder.url.rstrip("/"), repository.url, "git"])
    assert told.get("text") == "42\n", told


def test_thebe_is_told_why_a_build_failed(binder, failing, page, foreign_page):
    spec, _ = failing
    page.goto(foreign_page)
    page.add_script_tag(url="/thebe/thebe-core.min.js")
    page.wait_for_function("window.thebeCore !== undefined")
    told = page.evaluate(THEBE, [binder.url, "alice/broken", "github"])
    assert "7" in told.get("failed", "") and "Lost connection" not in told["failed"], told
