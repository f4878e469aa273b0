/** State of operations: ages, last events, times to the verdict, failures of all kinds. */
package org.datman.dashboard.operations;
