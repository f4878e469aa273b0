package org.datman.simulator.http;

import java.io.IOException;

/** Answers a request; runs on a worker thread and may read and write files. */
public interface Handler {
    /** @throws IOException when the disk fails; the client gets a 500 */
    Response answer(Request request) throws IOException;
}
