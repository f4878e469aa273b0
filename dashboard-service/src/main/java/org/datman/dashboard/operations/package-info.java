/** How the house is doing: ages, last events, times to the verdict, failures of all kinds. */
package org.datman.dashboard.operations;
