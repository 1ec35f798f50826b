#!/bin/sh
# spec! Print prices with two decimals
# Suppliers send up to four decimals; the shop shows two.
# - [ ] 2.5 is printed as 2.50, check: `sh tests/prices.sh`
# - [ ] a price that is no number is refused
echo "$1"
