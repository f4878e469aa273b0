/**
 * Measures what was exported and checks what should have come, by feature: {@code measure} (numbers, flags, pictures and a
 * verdict per image; the measuring itself is the module qc-metrics), {@code header} (comparison with the gold standard),
 * {@code check} (expected against found per session), {@code state} (what was heard so far).
 */
package org.datman.qc;
