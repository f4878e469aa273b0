package org.datman.local.chaos;

import java.util.List;
import java.util.stream.Stream;
import org.datman.local.process.Supervisor;

/** The kinds of faults. */
public enum ChaosFault {
    /** SIGKILL; the supervisor starts it again. */
    KILL(0, 0),
    /** SIGTERM; the supervisor starts it again. */
    RESTART(0, 0),
    /** SIGSTOP, later SIGCONT: some seconds, or longer than Kafka waits for a consumer. */
    PAUSE(2, 25),
    /** The packets of one service to one server are dropped ({@code drop}), or its connections are reset ({@code reset}). */
    PARTITION(4, 30),
    /** The clock of one service is wrong by up to ten minutes. */
    CLOCK_SKEW(10, 40),
    /** XNAT answers wrongly, late or not at all. */
    XNAT(5, 25),
    /** The archive can be read only. */
    ARCHIVE_READ_ONLY(4, 20),
    /** An empty folder is in place of the archive. */
    ARCHIVE_AWAY(4, 20),
    /** The file system of the archive has no free space. */
    ARCHIVE_FULL(4, 20);

    static final String KAFKA = "kafka";
    static final String POSTGRES = "postgres";
    static final String SERVER = "xnat";
    private static final String ARCHIVE = "archive";

    private final int shortest;
    private final int longest;

    ChaosFault(int shortest, int longest) {
        this.shortest = shortest;
        this.longest = longest;
    }

    /** In seconds. */
    int shortest() {
        return shortest;
    }

    /** In seconds; 0 for one that is over at once. */
    int longest() {
        return longest;
    }

    boolean ofArchive() {
        return this == ARCHIVE_READ_ONLY || this == ARCHIVE_AWAY || this == ARCHIVE_FULL;
    }

    /** What it may strike. */
    List<String> targets() {
        return switch (this) {
            case KILL, RESTART -> withServers(KAFKA, POSTGRES);
            case PAUSE -> withServers(KAFKA);
            case PARTITION, CLOCK_SKEW -> Supervisor.SERVICES;
            case XNAT -> List.of(SERVER);
            case ARCHIVE_READ_ONLY, ARCHIVE_AWAY, ARCHIVE_FULL -> List.of(ARCHIVE);
        };
    }

    private static List<String> withServers(String... servers) {
        return Stream.concat(Supervisor.SERVICES.stream(), Stream.of(servers)).toList();
    }
}
