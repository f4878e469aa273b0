package org.datman.local.backup;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a backup holds: {@code manifest.json} of its folder, written last. Times are UTC.
 *
 * @param format of the backup; one that is higher than {@link #FORMAT} is of a later DATMAN
 * @param version of the DATMAN that made it
 * @param time of the snapshot of PostgreSQL: the state that a restore brings back
 * @param kafkaCluster id of the cluster that the topics are of
 * @param parts all files of the backup but those of its trees, and this one
 * @param schemas of PostgreSQL
 * @param topics partitions of topics
 * @param groups committed offsets by consumer group and {@code topic-partition}
 * @param secrets whether the secrets of the installation are in it
 * @param archive what is in it of the archive: {@code none}, {@code manifest} or {@code copy}
 * @param trees copied folders, and the list of the archive
 */
public record BackupManifest(
        int format,
        String version,
        Instant time,
        String kafkaCluster,
        List<Part> parts,
        List<Schema> schemas,
        List<Partition> topics,
        Map<String, Map<String, Long>> groups,
        boolean secrets,
        String archive,
        List<Tree> trees) {

    /** The form that this program writes. */
    public static final int FORMAT = 1;

    /** Its file in the folder of a backup. */
    static final String FILE = "manifest.json";

    /** The SHA-256 of the manifest itself, beside it. */
    static final String DIGEST = FILE + ".sha256";

    /**
     * A file of the backup.
     *
     * @param path in the folder of the backup
     * @param size in bytes
     */
    public record Part(String path, long size, String sha256) {}

    /**
     * A schema of a service.
     *
     * @param definition part with its SQL
     */
    public record Schema(String name, String definition, List<Table> tables) {}

    /**
     * Rows of a table.
     *
     * @param columns in the order of the rows
     * @param rows their number
     * @param part with the rows, in the text format of COPY, gzip
     */
    public record Table(String name, List<String> columns, long rows, String part) {}

    /**
     * A partition of a topic.
     *
     * @param topicId of Kafka: a topic that was deleted and made again has another
     * @param first offset of the first record
     * @param end offset after the last record
     */
    public record Partition(String topic, String topicId, int partition, long first, long end, List<Segment> segments) {

        String name() {
            return topic + "-" + partition;
        }

        long records() {
            return segments.stream().mapToLong(Segment::records).sum();
        }
    }

    /**
     * Some records of a partition, one after the other.
     *
     * @param first offset from which on
     * @param end offset up to which, exclusive
     * @param closed whether a later backup takes it as it is
     */
    public record Segment(String part, long first, long end, long records, boolean closed) {}

    /**
     * A copied folder, or the list of one.
     *
     * @param name folder in the backup
     * @param from where it was, for people
     * @param list part with its files, a line of JSON each, gzip
     * @param files number of files
     * @param bytes of all files
     * @param copied whether the files are in the backup
     */
    public record Tree(String name, String from, String list, long files, long bytes, boolean copied) {}
}
