package org.datman.imaging;

import java.util.Arrays;
import java.util.Random;

/** Damages valid files the way broken transfers and malice do: flipped bits, cuts, blown-up lengths, moved pieces. */
public final class Mutations {

    private static final int[] EXTREMES = {0, 1, 0x7f, 0x80, 0xfe, 0xff};
    private static final int[] LENGTHS = {
        -1, -2, 0, 1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x7ffffffe, 0x10000, 0xfffe
    };

    private Mutations() {}

    /** A damaged copy; the same random state gives the same damage. */
    public static byte[] mutate(byte[] valid, Random random) {
        byte[] bytes = valid.clone();
        int steps = 1 + random.nextInt(6);
        for (int i = 0; i < steps && bytes.length > 8; i++) {
            bytes = once(bytes, random);
        }
        return bytes;
    }

    private static byte[] once(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length - 4);
        int length = 1 + random.nextInt(Math.min(64, bytes.length - at));
        switch (random.nextInt(8)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) EXTREMES[random.nextInt(EXTREMES.length)];
            case 2 -> bytes = Arrays.copyOf(bytes, at);
            case 3, 4 -> putInt(bytes, at & ~1, LENGTHS[random.nextInt(LENGTHS.length)], random.nextBoolean());
            case 5 -> bytes = spliced(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + length));
            case 6 -> bytes = spliced(bytes, at, length, new byte[0]);
            default -> {
                int from = random.nextInt(bytes.length - length + 1);
                System.arraycopy(bytes, from, bytes, at, Math.min(length, bytes.length - at));
            }
        }
        return bytes;
    }

    private static void putInt(byte[] bytes, int at, int value, boolean bigEndian) {
        for (int i = 0; i < 4; i++) {
            bytes[at + i] = (byte) (value >>> 8 * (bigEndian ? 3 - i : i));
        }
    }

    private static byte[] spliced(byte[] bytes, int at, int removed, byte[] inserted) {
        byte[] result = new byte[bytes.length - removed + inserted.length];
        System.arraycopy(bytes, 0, result, 0, at);
        System.arraycopy(inserted, 0, result, at, inserted.length);
        System.arraycopy(bytes, at + removed, result, at + inserted.length, bytes.length - at - removed);
        return result;
    }
}
