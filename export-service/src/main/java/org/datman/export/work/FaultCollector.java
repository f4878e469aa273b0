package org.datman.export.work;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.datman.contracts.event.Reason;
import org.datman.platform.event.PermanentException;
import org.datman.platform.event.TransientErrors;

/**
 * Runs several independent actions: a failure of one does not prevent the others, and is thrown at
 * the end. An outage stops immediately, because it would affect all of them.
 */
public final class FaultCollector {

    private final List<Exception> faults = new ArrayList<>();

    /** Runs one action. */
    public void collect(SessionLocks.Work work) throws IOException {
        try {
            work.run();
        } catch (IOException | RuntimeException e) {
            if (TransientErrors.isOutage(e)) {
                throw e;
            }
            faults.add(e);
        }
    }

    /** Throws the failure, if any: the first unexpected one, or all permanent ones combined. */
    public void end() throws IOException {
        for (Exception fault : faults) {
            if (!(fault instanceof PermanentException)) {
                faults.stream().filter(other -> other != fault).forEach(fault::addSuppressed);
                if (fault instanceof IOException io) {
                    throw io;
                }
                throw (RuntimeException) fault;
            }
        }
        if (!faults.isEmpty()) {
            List<Reason> reasons = faults.stream()
                    .map(fault -> ((PermanentException) fault).reason())
                    .distinct()
                    .toList();
            throw new PermanentException(
                    new Reason(
                            reasons.get(0).code(),
                            reasons.stream().map(Reason::message).collect(Collectors.joining(". ")),
                            reasons.get(0).action()),
                    faults.get(0));
        }
    }
}
