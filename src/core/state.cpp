#include "core/state.h"
#include "core/error.h"

#include <cmath>

namespace surrogate
{

State::State(const Grid& grid, const FieldList& fields, double time)
:
    grid(grid),
    fields(fields),
    time(time),
    values(fields.nChannels()*grid.nCells(), 0.0)
{}

void State::requireFinite(const std::string& where) const
{
    const std::size_t n = grid.nCells();
    int channel = 0;
    for (const Field& field : fields)
    {
        for (int component = 0; component < field.components; ++component, ++channel)
        {
            const double* value = this->channel(channel);
            for (std::size_t cell = 0; cell < n; ++cell)
            {
                if (std::isfinite(value[cell])) continue;
                throw Error
                ({
                    "A value is not finite",
                    where + ", field " + field.name + ", component " + std::to_string(component)
                        + ", grid cell " + std::to_string(cell) + ", time " + std::to_string(time),
                    "a finite number",
                    std::isnan(value[cell]) ? "NaN" : "infinity",
                    {}
                });
            }
        }
    }
}

} // namespace surrogate
