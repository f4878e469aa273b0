package org.datman.dashboard.api;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/**
 * Writes a table as Apache Parquet (https://parquet.apache.org/docs/file-format/), uncompressed but with dictionaries: texts that repeat are
 * written once for each row group. A row group at a time is in memory.
 *
 * <p>Parquet's own codecs and files need Hadoop; this uses neither, so that no class of Hadoop is there at run time.
 */
final class ParquetTable {

    private static final long ROW_GROUP_BYTES = 4L << 20;

    private ParquetTable() {}

    /** The types of columns; a value may be null. */
    enum Type {
        TEXT,
        NUMBER,
        /** An instant in UTC, to the microsecond. */
        TIME
    }

    /**
     * Writes it to its end, and leaves the stream open. When the rows fail the footer is not written: without it no reader takes the part for a table.
     *
     * @param columns types by name, in their order
     * @param rows passes each row on: a {@code String}, {@code Double}, {@code Instant} or null for each column
     */
    static void write(OutputStream out, Map<String, Type> columns, Consumer<Consumer<List<?>>> rows)
            throws IOException {
        ParquetWriter<List<?>> table = new Builder(new Stream(out), columns)
                .withConf(new PlainParquetConfiguration())
                .withCodecFactory(new Uncompressed())
                .withRowGroupSize(ROW_GROUP_BYTES)
                .build();
        try {
            rows.accept(row -> write(table, row));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        // Writes the footer. It holds nothing but memory, so that it need not be closed otherwise.
        table.close();
    }

    private static void write(ParquetWriter<List<?>> table, List<?> row) {
        try {
            table.write(row);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Builder extends ParquetWriter.Builder<List<?>, Builder> {

        private final Map<String, Type> columns;

        Builder(OutputFile file, Map<String, Type> columns) {
            super(file);
            this.columns = columns;
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        @SuppressWarnings("deprecation") // It is abstract still.
        protected WriteSupport<List<?>> getWriteSupport(Configuration configuration) {
            throw new UnsupportedOperationException("Hadoop is not used");
        }

        @Override
        protected WriteSupport<List<?>> getWriteSupport(ParquetConfiguration configuration) {
            return new Rows(columns);
        }
    }

    private static final class Rows extends WriteSupport<List<?>> {

        private final MessageType schema;
        private @Nullable RecordConsumer consumer;

        Rows(Map<String, Type> columns) {
            Types.MessageTypeBuilder builder = Types.buildMessage();
            columns.forEach((name, type) -> {
                switch (type) {
                    case TEXT ->
                        builder.optional(PrimitiveTypeName.BINARY)
                                .as(LogicalTypeAnnotation.stringType())
                                .named(name);
                    case NUMBER -> builder.optional(PrimitiveTypeName.DOUBLE).named(name);
                    case TIME ->
                        builder.optional(PrimitiveTypeName.INT64)
                                .as(LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS))
                                .named(name);
                }
            });
            schema = builder.named("table");
        }

        @Override
        @SuppressWarnings("deprecation") // It is abstract still.
        public WriteContext init(Configuration configuration) {
            throw new UnsupportedOperationException("Hadoop is not used");
        }

        @Override
        public WriteContext init(ParquetConfiguration configuration) {
            return new WriteContext(schema, Map.of());
        }

        @Override
        public void prepareForWrite(RecordConsumer records) {
            consumer = records;
        }

        @Override
        public void write(List<?> row) {
            RecordConsumer consumer = Objects.requireNonNull(this.consumer, "written before it was prepared");
            consumer.startMessage();
            for (int i = 0; i < row.size(); i++) {
                Object value = row.get(i);
                if (value != null) {
                    String name = schema.getFieldName(i);
                    consumer.startField(name, i);
                    add(consumer, value);
                    consumer.endField(name, i);
                }
            }
            consumer.endMessage();
        }

        private static void add(RecordConsumer records, Object value) {
            if (value instanceof Double number) {
                records.addDouble(number);
            } else if (value instanceof Instant time) {
                records.addLong(ChronoUnit.MICROS.between(Instant.EPOCH, time));
            } else {
                records.addBinary(Binary.fromString((String) value));
            }
        }
    }

    /** What is written cannot be taken back: an answer that has begun. */
    private record Stream(OutputStream out) implements OutputFile {

        @Override
        public PositionOutputStream create(long blockSize) {
            return new Counting(out);
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSize) {
            return create(blockSize);
        }

        @Override
        public boolean supportsBlockSize() {
            return false;
        }

        @Override
        public long defaultBlockSize() {
            return 0;
        }
    }

    private static final class Counting extends PositionOutputStream {

        private final OutputStream out;
        private long position;

        Counting(OutputStream out) {
            this.out = out;
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
            position++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            position += length;
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }
    }

    private static final class Uncompressed implements CompressionCodecFactory {

        @Override
        public BytesInputCompressor getCompressor(CompressionCodecName name) {
            return new BytesInputCompressor() {
                @Override
                public BytesInput compress(BytesInput bytes) {
                    return bytes;
                }

                @Override
                public CompressionCodecName getCodecName() {
                    return CompressionCodecName.UNCOMPRESSED;
                }

                @Override
                public void release() {
                    // Nothing is held.
                }
            };
        }

        @Override
        public BytesInputDecompressor getDecompressor(CompressionCodecName name) {
            throw new UnsupportedOperationException("Tables are written only");
        }

        @Override
        public void release() {
            // Nothing is held.
        }
    }
}
