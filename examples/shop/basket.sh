#!/bin/sh
# spec! Print the total of a basket
# Sum the prices of a basket quickly.
exit 1
