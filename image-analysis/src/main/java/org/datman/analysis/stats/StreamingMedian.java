package org.datman.analysis.stats;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Consumer;

/**
 * Exact median of more numbers than fit into memory: two passes over the data, 65536 counters. A pass hands every value
 * to {@link Sink#add}; several threads may do so at once.
 */
public final class StreamingMedian {

    /** Takes the values of a pass. */
    @FunctionalInterface
    public interface Sink {
        void add(float value);
    }

    private StreamingMedian() {}

    /** The median of the values of {@code pass}; it is called twice and must hand over the same values. NaN for no values. */
    public static double of(Consumer<Sink> pass) {
        AtomicIntegerArray high = new AtomicIntegerArray(1 << 16);
        pass.accept(v -> high.incrementAndGet(sortable(v) >>> 16));
        long n = 0;
        for (int b = 0; b < high.length(); b++) {
            n += high.get(b);
        }
        if (n == 0) {
            return Double.NaN;
        }
        long[] lower = locate(high, (n - 1) / 2);
        long[] upper = locate(high, n / 2);
        AtomicIntegerArray inLower = new AtomicIntegerArray(1 << 16);
        AtomicIntegerArray inUpper = new AtomicIntegerArray(1 << 16);
        pass.accept(v -> {
            int key = sortable(v);
            if (key >>> 16 == lower[0]) {
                inLower.incrementAndGet(key & 0xffff);
            }
            if (key >>> 16 == upper[0]) {
                inUpper.incrementAndGet(key & 0xffff);
            }
        });
        double a = value((int) lower[0] << 16 | (int) locate(inLower, lower[1])[0]);
        double b = value((int) upper[0] << 16 | (int) locate(inUpper, upper[1])[0]);
        return (a + b) / 2;
    }

    /** Bin that contains the given rank, and the rank within it. */
    private static long[] locate(AtomicIntegerArray counts, long rank) {
        long left = rank;
        for (int b = 0; b < counts.length(); b++) {
            if (left < counts.get(b)) {
                return new long[] {b, left};
            }
            left -= counts.get(b);
        }
        throw new IllegalStateException("the second pass handed over fewer values than the first");
    }

    /** Bits that grow with the value when read as unsigned. */
    private static int sortable(float v) {
        int bits = Float.floatToIntBits(v == 0 ? 0f : v);
        return bits < 0 ? ~bits : bits | 0x80000000;
    }

    private static float value(int key) {
        return Float.intBitsToFloat(key < 0 ? key & 0x7fffffff : ~key);
    }
}
