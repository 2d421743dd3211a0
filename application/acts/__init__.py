"""What people can do: one module per room. Each act reads at a desk what its rule needs and hands it to the domain."""
