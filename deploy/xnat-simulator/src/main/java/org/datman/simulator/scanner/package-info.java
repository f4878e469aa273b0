/**
 * Scanners without a magnet: {@link org.datman.simulator.scanner.SyntheticScanner} writes the sessions of a scenario file as DICOM series that
 * dcm2niix converts, with known faults, and lists what it planted. Pixels come from the analytic head and sphere of {@code org.datman.synthetic}.
 *
 * <p>Files in {@code /scenarios}: {@code protocols.yaml} (what the scanners can run), {@code demo.yaml},
 * {@code demo-history.yaml} (appended to it: a year of a phantom), {@code tiny.yaml}. A scenario lists scanners, then sessions with the series
 * that they run, their date if it is not the next day, and the {@link org.datman.simulator.scanner.FaultKind faults} in them. Volumes and slices
 * count from 0, slices from the feet (from the left for sagittal ones).
 *
 * <table>
 * <caption>Series of the protocols, with the tag that a study's configuration should give them</caption>
 * <tr><th>key</th><th>description (Siemens; GE and Philips may add words)</th><th>tag</th><th>what</th></tr>
 * <tr><td>LOC</td><td>localizer</td><td>LOC (to be ignored)</td><td>three planes of three slices</td></tr>
 * <tr><td>T1</td><td>Sag T1 MPRAGE; Sag T1 BRAVO MPRAGE; Sag T1 MPRAGE TFE</td><td>T1</td><td>3-D, 68x90x90 at 2.5 mm</td></tr>
 * <tr><td>T2</td><td>Ax T2 SPC; Ax T2 SPC CUBE; Ax T2 SPC VISTA</td><td>T2</td><td>3-D, 128x128x48</td></tr>
 * <tr><td>RST</td><td>RestingState</td><td>RST</td><td>BOLD, 64x64x24, 32 volumes (study PILOT: 200), TR 2 s</td></tr>
 * <tr><td>NBK</td><td>Task NBack</td><td>NBK</td><td>BOLD, 30 volumes</td></tr>
 * <tr><td>DTI-MS</td><td>DTI 2shell 30dir</td><td>DTI-MS</td><td>4 b0, 15 at b 1000, 15 at b 2000: 34 volumes</td></tr>
 * <tr><td>DTI60-1000</td><td>DTI 60dir b1000</td><td>DTI60-1000</td><td>5 b0, 60 at b 1000: 65 volumes</td></tr>
 * <tr><td>FMAP-AP, FMAP-PA</td><td>SE EPI AP, SE EPI PA</td><td>FMAP-AP, FMAP-PA</td><td>3 volumes each</td></tr>
 * <tr><td>MAG</td><td>gre_field_mapping (ImageType …\M\ND), echoes 1 and 2</td><td>MAG1, MAG2</td><td>Siemens only, TE 4.92 and 7.38 ms</td></tr>
 * <tr><td>PHASEDIFF</td><td>gre_field_mapping (ImageType …\P\ND)</td><td>PHASEDIFF</td><td>Siemens only</td></tr>
 * <tr><td>FBN</td><td>fBIRN stability</td><td>FBN</td><td>phantom EPI, 40 volumes</td></tr>
 * <tr><td>T1-SMALL, DTI-SMALL</td><td>as T1, DTI-MS</td><td>T1, DTI-MS</td><td>for tests: 48x64x64; 2 b0, 6 + 6 directions</td></tr>
 * </table>
 *
 * <p>Both studies of the demo, DEMO (sites CMH Siemens, UTO GE, MRP Philips) and PILOT (site CMH), use these descriptions; their projects
 * in XNAT carry the study's name.
 */
@NullMarked
package org.datman.simulator.scanner;

import org.jspecify.annotations.NullMarked;
