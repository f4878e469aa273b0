package org.datman.imaging.dicom;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.datman.imaging.ImageFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Which echo of its sequence an image is. EchoNumbers (0018,0086) where it is there; Siemens XA software leaves it out of its
 * classic objects, and then the place of the image's echo time among those of the measurement protocol ({@code alTE}, µs).
 */
public final class EchoNumber {

    /** The protocol holds whole microseconds, headers round to hundredths of a millisecond. */
    private static final double SAME_MS = 0.02;

    private static final int MOST_ECHOES = 64;

    private EchoNumber() {}

    /** The number, from 1; empty when neither the element nor the protocol has it. */
    public static OptionalInt of(DicomHeader header) {
        return of(header, () -> {
            try {
                return SiemensCsa.protocol(header.dataset());
            } catch (ImageFormatException damaged) {
                // A damaged private header is ignored; the public elements are read all the same.
                return Map.of();
            }
        });
    }

    /**
     * The same with the measurement protocol given.
     *
     * @param protocol see {@link SiemensCsa#protocol}; only read when the element is missing
     */
    public static OptionalInt of(DicomHeader header, Supplier<Map<String, String>> protocol) {
        Optional<String> value =
                header.findFirst("EchoNumbers").flatMap(DicomElement::string).map(String::strip);
        if (value.isPresent() && value.get().matches("\\d{1,3}")) {
            return OptionalInt.of(Integer.parseInt(value.get()));
        }
        OptionalDouble time = time(header);
        if (time.isEmpty()) {
            return OptionalInt.empty();
        }
        return of(time.getAsDouble(), protocol.get());
    }

    /** The place of an echo time (ms) among those of a protocol that has more than one echo. */
    static OptionalInt of(double milliseconds, Map<String, String> protocol) {
        int contrasts = whole(protocol.get("lContrasts"));
        for (int echo = 1; contrasts > 1 && echo <= Math.min(contrasts, MOST_ECHOES); echo++) {
            String micros = protocol.get("alTE[" + (echo - 1) + "]");
            if (micros != null
                    && micros.matches("\\d{1,9}")
                    && Math.abs(Integer.parseInt(micros) / 1000.0 - milliseconds) <= SAME_MS) {
                return OptionalInt.of(echo);
            }
        }
        return OptionalInt.empty();
    }

    /** The echo time in ms, where classic and enhanced objects keep it. */
    public static OptionalDouble time(DicomHeader header) {
        double[] values = header.findFirst("EffectiveEchoTime")
                .or(() -> header.findFirst("EchoTime"))
                .map(DicomElement::doubles)
                .orElse(new double[0]);
        return values.length == 0 || Double.isNaN(values[0]) ? OptionalDouble.empty() : OptionalDouble.of(values[0]);
    }

    private static int whole(@Nullable String text) {
        return text != null && text.matches("\\d{1,4}") ? Integer.parseInt(text) : 0;
    }
}
