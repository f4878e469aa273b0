/**
 * Measures what was exported and checks what should have arrived, by feature: {@code measure} (numbers, flags, pictures and a
 * verdict per image; the measuring itself is the module qc-metrics), {@code header} (comparison with the gold standard),
 * {@code check} (expected against found per session), {@code state} (the events consumed so far).
 */
@NullMarked
package org.datman.qc;

import org.jspecify.annotations.NullMarked;
